/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The system calls of each process, for cell.c; the groups are those of
 * confine_tbl.h.  A process that needs another call gets a row here, with the
 * reason if it is not plain.
 */
static const struct confine_call parser[] = {
	CALLS_PROCESS, CALLS_NO_FILES,
};

/* It looks up the account, which libraries may ask a service for. */
static const struct confine_call loader[] = {
	CALLS_NEW_CODE, CALLS_PROCESS, CALLS_READ_FILES, CALLS_SOCKETS,
	CALLS_LOCAL, ALLOW(connect), CALLS_SEND,
};

/* It replaces files of its keys below folders that are open. */
static const struct confine_call signer[] = {
	CALLS_PROCESS, CALLS_SOCKETS, CALLS_WRITE_FILES,
	ALLOW_IF(fchmod, 1, 0600), ALLOW(flock),
};

static const struct confine_call writer[] = {
	CALLS_PROCESS, CALLS_THREADS, CALLS_SOCKETS, CALLS_WRITE_FILES,
	CALLS_PRIORITY, ALLOW(flock), ALLOW(listen),
};

/* It asks how much it could not read before it had to stop. */
static const struct confine_call receiver[] = {
	CALLS_ASK, CALLS_PROCESS, CALLS_THREADS, CALLS_SOCKETS, CALLS_NO_FILES,
	CALLS_PAIR, ALLOW(listen),
};

/* It notes how far it came. */
static const struct confine_call tailer[] = {
	CALLS_PROCESS, CALLS_SOCKETS, CALLS_WRITE_FILES,
};

/* The resolver loads libraries and runs in a thread; copies elsewhere are for
 * whoever has them.  No local sockets: among them is the writer's, who believes
 * the account. */
static const struct confine_call outward[] = {
	CALLS_NEW_CODE, CALLS_ASK_NETWORK, CALLS_PROCESS, CALLS_THREADS,
	CALLS_SOCKETS, CALLS_NETWORK, CALLS_WRITE_FILES,
	ALLOW_IF(fchmod, 1, 0644),
};

/* It asks how full a disk is, by a descriptor that opens nothing. */
static const struct confine_call monitor[] = {
	CALLS_PROCESS, CALLS_SOCKETS, CALLS_NO_FILES, ALLOW(fstatfs),
};

static const struct confine_call successor[] = {
	CALLS_PROCESS, CALLS_THREADS, CALLS_WRITE_FILES, CALLS_GIVE_FILES,
	ALLOW(flock),
};

/* What its children have they got from it: so it has all of that, and what
 * makes and confines them; but no program to run and nobody to look into.
 * tgkill: a child that aborts sends the signal to itself. */
static const struct confine_call parent[] = {
	CALLS_NEW_CODE, CALLS_ASK_NETWORK, ALLOW(tgkill), CALLS_PROCESS,
	ALLOW_BITS(clone, 0, NAMESPACES, 0), CALLS_THREADS, CALLS_PRIORITY,
	ALLOW(fork), ALLOW(wait4), ALLOW(waitid), ALLOW(kill), ALLOW(pidfd_open),
	ALLOW(pidfd_send_signal), ALLOW(signalfd4),
	CALLS_SOCKETS, CALLS_LOCAL, CALLS_NETWORK, ALLOW(bind), ALLOW(listen),
	CALLS_WRITE_FILES, CALLS_GIVE_FILES, ALLOW(flock), ALLOW(memfd_create),
	ALLOW(chdir), ALLOW(chroot), ALLOW_IF(unshare, 0, CLONE_NEWNET),
	ALLOW(prctl), ALLOW(prlimit64), ALLOW(setrlimit),
	ALLOW(landlock_create_ruleset), ALLOW(landlock_add_rule),
	ALLOW(landlock_restrict_self), ALLOW(capget), ALLOW(capset),
	ALLOW(setgroups), ALLOW(setresuid), ALLOW(setresgid),
	ALLOW(setpgid), ALLOW(setsid),
};
