/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/role.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"

#define GROUPS_MAX 256
#define USER "user:" /* before the name of one person */

enum { OPERATOR = 1, PLANNER = 2, SAFETY = 4, AUDITOR = 8 };

static const struct {
	unsigned roles;
	const char *en, *ja;
} acts[] = {
#define ROLE_ACT(id, roles, en, ja) { roles, en, ja },
#include "analyzer/command/role_tbl.h"
#undef ROLE_ACT
};

static const struct {
	unsigned role;
	const char *en, *ja;
} names[] = {
	{ OPERATOR, "operator", "システム運用担当者" },
	{ PLANNER, "planning manager", "企画管理者" },
	{ SAFETY, "safety manager", "医療情報システム安全管理責任者" },
	{ AUDITOR, "auditor (read only)", "監査者（閲覧のみ）" },
};

static bool
in_group(gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	int i, n = getgroups(GROUPS_MAX, groups);

	for (i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return getgid() == gid;
}

/* Whether one of the list is who runs this. */
static bool
are_we(const struct site_strings *list)
{
	const struct passwd *user;
	const struct group *group;
	size_t i, n = strlen(USER);

	for (i = 0; i < list->n; i++) {
		if (strncmp(list->v[i], USER, n) == 0) {
			user = getpwnam(list->v[i] + n);
			if (user != NULL && user->pw_uid == getuid())
				return true;
			continue;
		}
		group = getgrnam(list->v[i]);
		if (group != NULL && in_group(group->gr_gid))
			return true;
	}
	return false;
}

static unsigned
our_roles(const struct site *site)
{
	return (are_we(&site->roles.operators) ? OPERATOR : 0u) |
	    (are_we(&site->roles.planners) ? PLANNER : 0u) |
	    (are_we(&site->roles.safety) ? SAFETY : 0u) |
	    (are_we(&site->roles.auditors) ? AUDITOR : 0u);
}

static void
put_names(unsigned roles, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (roles & names[i].role)
			buf_printf(out, "%s%s",
			    out->len > 0 ? tr(", ", "・") : "",
			    tr(names[i].en, names[i].ja));
}

bool
role_may(const struct site *site, enum role_act act)
{
	unsigned ours;
	struct buf who, we;

	if (site->roles.operators.n + site->roles.planners.n +
		site->roles.safety.n + site->roles.auditors.n ==
	    0)
		return true;
	ours = our_roles(site);
	/* Root keeps the machine: what he is not told he can change. */
	if ((ours & acts[act].roles) || (ours == 0 && getuid() == 0))
		return true;
	buf_init(&who);
	buf_init(&we);
	put_names(acts[act].roles, &who);
	put_names(ours, &we);
	log_error(tr("to %s is for: %s; you are: %s (konseki.yml, roles)",
		      "「%s」ができるのは %s です。あなたの役割: %s"
		      "（konseki.yml の roles）"),
	    tr(acts[act].en, acts[act].ja), buf_cstr(&who),
	    we.len > 0 ? buf_cstr(&we) : tr("none of them", "なし"));
	buf_fini(&who);
	buf_fini(&we);
	return false;
}
