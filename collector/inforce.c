/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/inforce.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/rundir.h"
#include "common/confine.h"
#include "common/log.h"

/* A container may not let root leave its network: a child tries. */
static bool
network_can_go(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(unshare(CLONE_NEWNET) != 0);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
wall(struct buf *out, struct buf *missing, const char *name, bool stands,
    const char *what)
{
	buf_printf(out, "%s %s\n", name, stands ? "yes" : "no");
	if (!stands)
		buf_printf(missing, "%s%s",
		    missing->len > 0 ? tr("; ", "、") : "", what);
}

int
inforce_say(const struct site *site, const struct priv *p)
{
	struct buf out, missing;
	int rc;

	buf_init(&out);
	buf_init(&missing);
	wall(&out, &missing, "calls", confine_has_calls(),
	    tr("filters of system calls (the kernel has none)",
		"システムコールの制限（カーネルが未対応）"));
	wall(&out, &missing, "files", confine_has_files() > 0,
	    tr("folders for each process (the kernel has no Landlock)",
		"プロセスごとのフォルダーの制限（カーネルにLandlockがない）"));
	wall(&out, &missing, "account", p->root && p->uid != 0,
	    tr("accounts (they share one)",
		"アカウントの分離（全プロセスが同じアカウント）"));
	wall(&out, &missing, "root", p->root,
	    tr("an empty root folder (not started as root)",
		"空のルートフォルダー（root以外で起動）"));
	wall(&out, &missing, "network", p->root && network_can_go(),
	    tr("the network taken away", "ネットワークの切り離し"));
	if (missing.len > 0)
		log_warn(tr("not in force here between the processes: %s",
			     "プロセス間の分離のうち、ここでは無効なもの: %s"),
		    buf_cstr(&missing));
	rc = rundir_confinement(site, buf_view(&out));
	buf_fini(&missing);
	buf_fini(&out);
	return rc;
}
