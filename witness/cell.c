/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "witness/cell.h"

#include "common/confine.h"
#include "common/confine_tbl.h"
#include "common/log.h"

static const struct confine_call calls[] = {
	CALLS_PROCESS,
	CALLS_SOCKETS,
	CALLS_WRITE_FILES,
	ALLOW_IF(fchmod, 1, 0600),
	ALLOW(flock),
};

int
cell_enter(const char *dir)
{
	const struct confine_place place = { dir, CONFINE_WRITE };
	const struct confine_files files = { &place, 1, false, false };

	if (!confine_has_calls())
		log_warn(tr("this kernel filters no system calls",
		    "このカーネルではシステムコールを制限できません"));
	if (confine_has_files() == 0)
		log_warn(tr("this kernel has no Landlock: files are not kept "
			    "from this program",
		    "このカーネルにはLandlockがなく、ファイルの利用を制限で"
		    "きません"));
	if (confine_begin() == 0 && confine_files(&files) == 0 &&
	    confine_calls(calls, sizeof(calls) / sizeof(calls[0]), 0) == 0)
		return 0;
	log_errno(tr("cannot give up what is not needed",
	    "不要な権限を放棄できません"));
	return -1;
}
