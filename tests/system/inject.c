/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * inject PID TRY [PATH]: make a running process try what it should not be able
 * to, as somebody would who took it over: its main thread is stopped, made to
 * do one system call, and goes on as if nothing had been, if it still lives.
 * Prints "done", the error ("EACCES") or "killed". Needs root, and x86-64;
 * elsewhere it ends with 77.
 */
#include <stdio.h>

#if defined(__x86_64__)
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/tries_tbl.h"

#define FAR 1024 /* bytes below the stack, beyond the red zone */
#define BUSY 3	 /* it does something just now: later */
#define WAITS 200
#define WAIT_US 50000

static int
poke_text(pid_t pid, unsigned long at, const char *text)
{
	size_t i, len = strlen(text) + 1;
	long word;

	for (i = 0; i < len; i += sizeof(word)) {
		word = 0;
		memcpy(&word, text + i,
		    len - i < sizeof(word) ? len - i : sizeof(word));
		if (ptrace(PTRACE_POKEDATA, pid, at + i, word) != 0)
			return -1;
	}
	return 0;
}

/* An instruction that calls the kernel: the one that it sleeps in. */
static bool
is_in_call(pid_t pid, const struct user_regs_struct *r)
{
	errno = 0;
	return (ptrace(PTRACE_PEEKTEXT, pid, r->rip - 2, NULL) & 0xffff) ==
	    0x050f &&
	    errno == 0;
}

static void
say(long result)
{
	if (result < 0 && result > -4096)
		printf("%s\n", strerrorname_np((int)-result));
	else
		printf("done\n");
}

/* Let it do the call and stop behind it.  1: it did; 0: it was killed. */
static int
step(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 ||
	    waitpid(pid, &status, __WALL) != pid)
		return -1;
	return WIFSTOPPED(status) ? 1 : 0;
}

static int
inject(pid_t pid, const struct try *t, const char *text)
{
	struct user_regs_struct saved, r;
	unsigned long at;
	int rc;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &saved) != 0 ||
	    !is_in_call(pid, &saved)) {
		return BUSY;
	}
	r = saved;
	at = (saved.rsp - FAR - strlen(text)) & ~15ul;
	if (poke_text(pid, at, text) != 0)
		return 2;
	r.rip -= 2;
	r.orig_rax = (unsigned long)-1; /* nothing is begun again */
	r.rax = (unsigned long)t->nr;
	r.rdi = t->text && t->at == 0 ? at : (unsigned long)t->argument[0];
	r.rsi = t->text && t->at == 1 ? at : (unsigned long)t->argument[1];
	r.rdx = (unsigned long)t->argument[2];
	r.r10 = (unsigned long)t->argument[3];
	r.r8 = (unsigned long)t->argument[4];
	r.r9 = (unsigned long)t->argument[5];
	if (ptrace(PTRACE_SETREGS, pid, NULL, &r) != 0 || (rc = step(pid)) < 0)
		return 2;
	if (rc == 0) {
		printf("killed\n");
		return 0;
	}
	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return 2;
	say((long)r.rax);
	/* As it was: a sleep that we ended is begun again by the kernel. */
	return ptrace(PTRACE_SETREGS, pid, NULL, &saved) == 0 ? 0 : 2;
}

static int
attach(pid_t pid, const struct try *t, const char *text)
{
	int rc, status;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0 ||
	    waitpid(pid, &status, __WALL) != pid) {
		perror("attach");
		return 2;
	}
	rc = inject(pid, t, text);
	(void)ptrace(PTRACE_DETACH, pid, NULL, NULL); /* or it is gone */
	return rc;
}

int
main(int argc, char *argv[])
{
	const struct try *t;
	int rc, i;

	if (argc < 3 || (t = try_find(argv[2])) == NULL ||
	    (t->text && argc != 4)) {
		fprintf(stderr, "usage: inject PID TRY [PATH]\n");
		return 2;
	}
	if (geteuid() != 0)
		return 77;
	for (i = 0; i < WAITS; i++) {
		rc = attach((pid_t)strtol(argv[1], NULL, 10), t,
		    t->text ? argv[3] : "");
		if (rc != BUSY)
			return rc;
		usleep(WAIT_US);
	}
	fprintf(stderr, "it is never in a system call\n");
	return 2;
}
#else
int
main(void)
{
	return 77;
}
#endif
