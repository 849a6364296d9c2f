/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_CONFINE_TBL_H
#define COMMON_CONFINE_TBL_H

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "common/confine.h"
#include "common/confine_nr_tbl.h"

/*
 * Groups of system calls, for the tables of processes (confine.h).  The first
 * row of a table that fits decides: an exception comes before its group.
 */
#define ALLOW(call) { __NR_##call, -1, 0, 0, false, 0 }
#define ALLOW_IF(call, argument, value) \
	{ __NR_##call, argument, 0xffffffffu, (uint32_t)(value), false, 0 }
#define ALLOW_BITS(call, argument, mask, value) \
	{ __NR_##call, argument, (uint32_t)(mask), (uint32_t)(value), false, 0 }
#define ALLOW_SELF(call, argument) \
	{ __NR_##call, argument, 0xffffffffu, 0, true, 0 }
#define REFUSE(call, error) { __NR_##call, -1, 0, 0, false, error }

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
	CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define BY_DESCRIPTOR 0x1000 /* AT_EMPTY_PATH: as fstat() does it */

/* No owner of a descriptor, who would get its signals, and whom any process of
 * his account may be; no lease or lock that holds others up. */
#define CALLS_DESCRIPTOR \
	ALLOW_IF(fcntl, 1, F_GETFL), ALLOW_IF(fcntl, 1, F_SETFL), \
	ALLOW_IF(fcntl, 1, F_GETFD), ALLOW_IF(fcntl, 1, F_SETFD), \
	ALLOW_IF(fcntl, 1, F_DUPFD), ALLOW_IF(fcntl, 1, F_DUPFD_CLOEXEC), \
	ALLOW_IF(fcntl, 1, F_ADD_SEALS), ALLOW_IF(fcntl, 1, F_GET_SEALS), \
	REFUSE(fcntl, EPERM)

/* Memory, time, descriptors that are there, an end: every process has these.
 * No new code: memory that is written is never run. */
#define CALLS_PROCESS \
	ALLOW(read), ALLOW(write), ALLOW(readv), ALLOW(writev), \
	ALLOW(pread64), ALLOW(pwrite64), ALLOW(preadv), ALLOW(pwritev), \
	ALLOW(futex), \
	ALLOW_BITS(mmap, 2, PROT_EXEC, 0), REFUSE(mmap, EACCES), \
	ALLOW_BITS(mprotect, 2, PROT_EXEC, 0), REFUSE(mprotect, EACCES), \
	ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), ALLOW(brk), \
	ALLOW(close), ALLOW(close_range), ALLOW(fstat), ALLOW(lseek), \
	ALLOW_BITS(newfstatat, 3, BY_DESCRIPTOR, BY_DESCRIPTOR), \
	ALLOW_BITS(statx, 2, BY_DESCRIPTOR, BY_DESCRIPTOR), \
	ALLOW(dup), ALLOW(dup2), ALLOW(dup3), CALLS_DESCRIPTOR, \
	ALLOW(pipe), ALLOW(pipe2), ALLOW(eventfd2), \
	REFUSE(ioctl, ENOTTY), \
	ALLOW(poll), ALLOW(ppoll), ALLOW(select), ALLOW(pselect6), \
	ALLOW(epoll_create), ALLOW(epoll_create1), ALLOW(epoll_ctl), \
	ALLOW(epoll_wait), ALLOW(epoll_pwait), ALLOW(epoll_pwait2), \
	ALLOW(timerfd_create), ALLOW(timerfd_settime), ALLOW(timerfd_gettime), \
	ALLOW(clock_gettime), ALLOW(clock_getres), ALLOW(clock_nanosleep), \
	ALLOW(gettimeofday), ALLOW(time), ALLOW(nanosleep), ALLOW(adjtimex), \
	ALLOW(clock_adjtime), \
	ALLOW(rt_sigaction), ALLOW(rt_sigprocmask), ALLOW(rt_sigreturn), \
	ALLOW(sigaltstack), ALLOW(restart_syscall), ALLOW_SELF(tgkill, 0), \
	ALLOW(getpid), ALLOW(gettid), ALLOW(getppid), ALLOW(getuid), \
	ALLOW(geteuid), ALLOW(getgid), ALLOW(getegid), \
	ALLOW(getrandom), ALLOW(getrusage), ALLOW(getrlimit), \
	ALLOW_IF(prlimit64, 0, 0), ALLOW(sysinfo), ALLOW(uname), \
	ALLOW(getcpu), ALLOW(sched_yield), ALLOW(sched_getaffinity), \
	ALLOW(membarrier), ALLOW(rseq), ALLOW(set_robust_list), \
	ALLOW(set_tid_address), ALLOW_IF(prctl, 0, PR_SET_NAME), \
	ALLOW_IF(prctl, 0, 0x53564d41 /* PR_SET_VMA */), ALLOW(umask), \
	ALLOW(exit), ALLOW(exit_group) CALLS_SANITIZER

/* A library is loaded late, or a pattern becomes code: before the group. */
#define CALLS_NEW_CODE ALLOW(mmap), ALLOW(mprotect)

/* How much waits to be read; of the resolver: whether to wait, and the number
 * of an interface.  Before the group, too. */
#define CALLS_ASK ALLOW_IF(ioctl, 1, FIONREAD)
#define CALLS_ASK_NETWORK \
	CALLS_ASK, ALLOW_IF(ioctl, 1, FIONBIO), ALLOW_IF(ioctl, 1, SIOCGIFINDEX)

/* Threads, not processes; clone3 cannot be looked into, so clone is used. */
#define CALLS_THREADS \
	ALLOW_BITS(clone, 0, CLONE_THREAD | NAMESPACES, CLONE_THREAD), \
	REFUSE(clone3, ENOSYS)

/* To have a thread wait for the others; but so could other processes of the
 * same account be made to, which nothing here can tell apart. */
#define CALLS_PRIORITY \
	ALLOW(sched_setscheduler), ALLOW(ioprio_set)

/* Sockets that are there, and those that listening ones give.  What is sent
 * goes to who is connected: a socket of UDP is not for others, and nobody
 * hands descriptors on. */
#define CALLS_SOCKETS \
	ALLOW(recvfrom), ALLOW(recvmsg), ALLOW(recvmmsg), \
	ALLOW_IF(sendto, 5, 0), ALLOW(accept), ALLOW(accept4), \
	ALLOW(getsockopt), ALLOW(setsockopt), ALLOW(getsockname), \
	ALLOW(getpeername), ALLOW(shutdown)

/* To others, and descriptors. */
#define CALLS_SEND ALLOW(sendto), ALLOW(sendmsg), ALLOW(sendmmsg)

/* A pair of sockets leads nowhere.  (Who has this, the next two or
 * CALLS_ASK_NETWORK includes the system's headers: nothing below lib/site
 * does.) */
#define CALLS_PAIR ALLOW_IF(socketpair, 0, AF_UNIX)

/* New sockets to this machine's own, before those to others. */
#define CALLS_LOCAL ALLOW_IF(socket, 0, AF_UNIX)
#define CALLS_NETWORK \
	CALLS_PAIR, ALLOW_IF(socket, 0, AF_INET), \
	ALLOW_IF(socket, 0, AF_INET6), REFUSE(socket, EAFNOSUPPORT), \
	ALLOW(connect), CALLS_SEND

/* Libraries look for files that they can do without. */
#define CALLS_NO_FILES \
	REFUSE(openat, EACCES), REFUSE(open, EACCES), \
	REFUSE(openat2, ENOSYS), REFUSE(access, EACCES), \
	REFUSE(faccessat, EACCES), REFUSE(faccessat2, EACCES), \
	REFUSE(stat, EACCES), REFUSE(lstat, EACCES), \
	REFUSE(newfstatat, EACCES), REFUSE(statx, EACCES), \
	REFUSE(readlink, EACCES), REFUSE(readlinkat, EACCES), \
	REFUSE(getcwd, EACCES), REFUSE(statfs, EACCES)

#define CALLS_READ_FILES \
	ALLOW(openat), ALLOW(open), REFUSE(openat2, ENOSYS), \
	ALLOW(access), ALLOW(faccessat), ALLOW(faccessat2), \
	ALLOW(stat), ALLOW(lstat), ALLOW(newfstatat), ALLOW(statx), \
	ALLOW(readlink), ALLOW(readlinkat), ALLOW(getcwd), \
	ALLOW(statfs), ALLOW(fstatfs), ALLOW(getdents64), \
	ALLOW(fadvise64), ALLOW(readahead)

/* Who may only read a file of his own account could still lock it, and give it
 * other rights: so the first is for those who have locks (ALLOW(flock)), and
 * rights are those that new files get. */
#define CALLS_WRITE_FILES \
	CALLS_READ_FILES, ALLOW(fsync), ALLOW(fdatasync), \
	ALLOW(sync_file_range), ALLOW(ftruncate), ALLOW(fallocate), \
	ALLOW(rename), ALLOW(renameat), ALLOW(renameat2), \
	ALLOW(unlink), ALLOW(unlinkat), ALLOW(rmdir), \
	ALLOW(mkdir), ALLOW(mkdirat), ALLOW_IF(fchmod, 1, 0640)

/* Files of others and for others. */
#define CALLS_GIVE_FILES \
	ALLOW(chmod), ALLOW(fchmod), ALLOW(fchmodat), ALLOW(chown), ALLOW(fchown), \
	ALLOW(lchown), ALLOW(fchownat), ALLOW(link), ALLOW(linkat), \
	ALLOW(symlink), ALLOW(symlinkat)

/* Where the resolver and TLS look for what they need; /etc/resolv.conf may be
 * a link to below /run. */
#define PLACES_OUTWARD \
	"/etc", "/usr", "/lib", "/lib64", "/run/systemd/resolve", \
	"/run/NetworkManager", "/run/resolvconf", "/run/netconfig", \
	"/run/nscd", "/var/run/nscd", "/var/lib/ca-certificates", \
	"/dev/null", "/dev/urandom"

/* Sanitizers map shadow memory, look at themselves, and at the end stop and
 * trace the process from a copy of it to find what leaked. */
#ifdef CONFINE_SANITIZED
#define CALLS_SANITIZER , CALLS_OF_SANITIZERS
#else
#define CALLS_SANITIZER
#endif
#define CALLS_OF_SANITIZERS \
	ALLOW(openat), ALLOW(open), ALLOW(readlink), ALLOW(readlinkat), \
	ALLOW(stat), ALLOW(lstat), ALLOW(newfstatat), ALLOW(access), \
	ALLOW(kill), ALLOW(getcwd), ALLOW(prctl), ALLOW(wait4), \
	ALLOW(ptrace), ALLOW(getdents), ALLOW(getdents64), \
	ALLOW(clone), ALLOW(process_vm_readv)

#endif
