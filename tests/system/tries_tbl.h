/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_SYSTEM_TRIES_TBL_H
#define TESTS_SYSTEM_TRIES_TBL_H

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* What somebody who took a process over would try: one system call each, none
 * of which does harm where it is allowed. */
struct try {
	const char *name;
	long nr;
	bool text; /* argument 0 or 1 is a path */
	int at;
	long argument[6];
};

static const struct try tries[] = {
	{ "read", SYS_openat, true, 1, { AT_FDCWD, 0, O_RDONLY } },
	{ "write", SYS_openat, true, 1,
	    { AT_FDCWD, 0, O_WRONLY | O_CREAT, 0600 } },
	{ "run", SYS_execve, true, 0, { 0, 0, 0 } },
	{ "fork", SYS_clone, false, 0, { SIGCHLD } },
	{ "trace", SYS_ptrace, false, 0, { PTRACE_ATTACH, 1 } },
	{ "end-others", SYS_kill, false, 0, { 1, 0 } },
	{ "tcp", SYS_socket, false, 0, { AF_INET, SOCK_STREAM } },
	{ "unix", SYS_socket, false, 0, { AF_UNIX, SOCK_STREAM } },
	{ "slow-others", SYS_sched_setscheduler, false, 0, { 1, -1 } },
	{ "pass-descriptor", SYS_sendmsg, false, 0, { -1 } },
	{ "signal-by-descriptor", SYS_fcntl, false, 0, { 0, F_SETOWN, 1 } },
	{ "device", SYS_ioctl, false, 0, { 0, FIOASYNC, 0 } },
	{ "netlink", SYS_socket, false, 0, { AF_NETLINK, SOCK_RAW } },
	{ "packets", SYS_socket, false, 0, { AF_PACKET, SOCK_RAW } },
	{ "new-code", SYS_mmap, false, 0,
	    { 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } },
	{ "namespace", SYS_unshare, false, 0, { CLONE_NEWUSER } },
	{ "mount", SYS_mount, false, 0, { 0 } },
	{ "bpf", SYS_bpf, false, 0, { 0 } },
	{ "memory-of-others", SYS_process_vm_readv, false, 0, { 1 } },
	{ "io-uring", SYS_io_uring_setup, false, 0, { 1 } },
	{ "account", SYS_setuid, false, 0, { 0 } },
	{ "newer", 600, false, 0, { 0 } },
#if defined(__x86_64__)
	{ "x32", 0x40000000 | SYS_getpid, false, 0, { 0 } },
#endif
};

static inline const struct try *
try_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (strcmp(tries[i].name, name) == 0)
			return &tries[i];
	return NULL;
}

#endif
