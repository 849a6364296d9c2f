/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/watchdog.h"

#include "collector/parent_priv.h"
#include "common/log.h"
#include "common/utc.h"

static const enum child asked[] = { CHILD_RECEIVER, CHILD_WRITER };
#define N_ASKED (sizeof(asked) / sizeof(asked[0]))

void
watchdog_made(struct parent *p, enum child child)
{
	p->watchdog.ready[child] = p->watchdog.heard[child] = false;
	p->watchdog.made[child] = utc_now();
}

void
watchdog_ready(struct parent *p, enum child child)
{
	p->watchdog.ready[child] = p->watchdog.heard[child] = true;
}

void
watchdog_hears(struct parent *p, enum child child)
{
	p->watchdog.heard[child] = true;
}

/* Who is not there is being made: that has limits of its own. */
static bool
is_well(const struct parent *p, enum child child)
{
	const struct watchdog *w = &p->watchdog;

	if (p->c.pid[child] == 0 || p->state != STATE_RUN)
		return true;
	if (w->ready[child])
		return w->heard[child];
	return utc_now() - w->made[child] < WATCHDOG_BEGIN_S * UTC_SECOND;
}

static void
say_silent(struct parent *p, enum child child)
{
	if (!p->watchdog.silent)
		log_error(tr("ALARM: the %s does not answer: the service "
			     "manager is not told that all is well",
			      "警報: プロセス%sが応答しないため、サービス管理"
			      "機能への正常通知を止めます"),
		    children_name(child));
	p->watchdog.silent = true;
}

void
watchdog_tick(struct parent *p)
{
	struct watchdog *w = &p->watchdog;
	int64_t now = utc_now();
	bool well = true;
	size_t i;

	/* A clock that was set back must not keep it waiting. */
	if (p->manager.watchdog == 0 ||
	    (now < w->next && w->next - now <= p->manager.watchdog))
		return;
	for (i = 0; i < N_ASKED; i++)
		if (!is_well(p, asked[i])) {
			say_silent(p, asked[i]);
			well = false;
		}
	w->next = now + p->manager.watchdog / 3;
	if (well) {
		w->silent = false;
		manager_say(&p->manager, "WATCHDOG=1");
	}
	for (i = 0; i < N_ASKED; i++) {
		if (well)
			w->heard[asked[i]] = false;
		if (p->c.pid[asked[i]] != 0 && w->ready[asked[i]] && well)
			children_tell(&p->c, asked[i], "ping");
	}
}

int64_t
watchdog_next(const struct parent *p)
{
	return p->manager.watchdog == 0 ? INT64_MAX : p->watchdog.next;
}
