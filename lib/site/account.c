/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"

#define DEFAULT "konseki" /* user and group in conf_tbl.h */

int
account_find(const struct site *site, struct account *a, struct buf *why)
{
	const struct passwd *pw = getpwnam(site->user);
	const struct group *gr = getgrnam(site->group);
	struct stat st;

	*a = (struct account){ 0 };
	if (pw == NULL && strcmp(site->user, DEFAULT) == 0 &&
	    stat(site->dir, &st) == 0) {
		a->uid = st.st_uid;
		a->gid = st.st_gid;
		a->owner = true;
	} else if (pw != NULL) {
		a->uid = pw->pw_uid;
		a->gid = pw->pw_gid;
	} else {
		buf_printf(why,
		    tr("%s: user: there is no account '%s': create it "
		       "(useradd --system), or name another",
			"%s: user: アカウント「%s」がありません。useradd "
			"--systemで作成するか、別の名前を指定してください"),
		    site->file, site->user);
		return -1;
	}
	if (gr != NULL)
		a->gid = gr->gr_gid;
	else if (strcmp(site->group, DEFAULT) != 0) {
		buf_printf(why,
		    tr("%s: group: there is no group '%s': create it "
		       "(groupadd --system), or name another",
			"%s: group: グループ「%s」がありません。groupadd "
			"--systemで作成するか、別の名前を指定してください"),
		    site->file, site->group);
		return -1;
	}
	return 0;
}
