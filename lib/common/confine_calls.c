/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A table of calls as a program for the kernel.  It is short enough to be
 * read: the accumulator holds the number of the call; each row compares it and
 * either decides or leaves it as it was for the next row.  Only low words of
 * arguments are looked at: those that the tables name are ints, or flags whose
 * upper words have no meaning.
 */
#include <asm/unistd.h>
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/confine.h"

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#else
#define MACHINE 0 /* not known: no filter, and that is said */
#endif

#define NEWEST 450	/* the last call of Linux 6.1 */
#define X32 0x40000000u /* another way into the same kernel */
#define ROW_MAX 6	/* instructions */
#define REST_MAX 9	/* before and after the rows */
#define CALLS_MAX ((BPF_MAXINSNS - REST_MAX) / ROW_MAX)
#define NUMBER offsetof(struct seccomp_data, nr)
#define KIND offsetof(struct seccomp_data, arch)
#define LOW (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0)

struct program {
	struct sock_filter code[BPF_MAXINSNS];
	unsigned short len;
};

/* Add an instruction: what it does, with which number, and how many to skip
 * if it is so and if it is not. */
static void
add(struct program *p, int what, size_t k, int yes, int no)
{
	assert(p->len < BPF_MAXINSNS);
	p->code[p->len++] = (struct sock_filter){ (uint16_t)what, (uint8_t)yes,
		(uint8_t)no, (uint32_t)k };
}

static void
load(struct program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void
decide(struct program *p, uint32_t verdict)
{
	add(p, BPF_RET | BPF_K, verdict, 0, 0);
}

static void
row(struct program *p, const struct confine_call *c)
{
	uint32_t verdict = c->error == 0
	    ? SECCOMP_RET_ALLOW
	    : SECCOMP_RET_ERRNO | (uint32_t)c->error;
	uint32_t value = c->self ? (uint32_t)getpid() : c->value;

	if (c->argument < 0) {
		add(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)c->nr, 0, 1);
		decide(p, verdict);
		return;
	}
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)c->nr, 0, 5);
	load(p,
	    offsetof(struct seccomp_data, args) + LOW +
		(size_t)c->argument * sizeof(uint64_t));
	add(p, BPF_ALU | BPF_AND | BPF_K, c->mask, 0, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	decide(p, verdict);
	load(p, NUMBER);
}

static void
compile(struct program *p, const struct confine_call *calls, size_t n,
    int otherwise)
{
	size_t i;

	load(p, KIND);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	decide(p, SECCOMP_RET_KILL_PROCESS);
	load(p, NUMBER);
	for (i = 0; i < n; i++)
		if (calls[i].nr >= 0)
			row(p, &calls[i]);
	add(p, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
	decide(p, SECCOMP_RET_KILL_PROCESS);
	add(p, BPF_JMP | BPF_JGT | BPF_K, NEWEST, 0, 1);
	decide(p, SECCOMP_RET_ERRNO | ENOSYS);
	decide(p,
	    otherwise == 0 ? SECCOMP_RET_KILL_PROCESS
			   : SECCOMP_RET_ERRNO | (uint32_t)otherwise);
}

bool
confine_has_calls(void)
{
	/* A program that cannot be read: a kernel without filters does not
	 * come so far as to notice. */
	return MACHINE != 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 &&
	    errno == EFAULT;
}

int
confine_calls(const struct confine_call *calls, size_t n, int otherwise)
{
	struct program *p;
	struct sock_fprog fprog;
	int rc;

	if (!confine_has_calls())
		return 0;
	if (n > CALLS_MAX)
		abort();
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return -1;
	compile(p, calls, n, otherwise);
	fprog = (struct sock_fprog){ p->len, p->code };
	rc = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog, 0, 0);
	free(p);
	return rc;
}
