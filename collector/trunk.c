/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "collector/parent_priv.h"
#include "collector/writer.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "site/succession.h"

/*
 * Writer and signer end and begin together.  In between a log that cannot go
 * on gets its successor; the receiver goes on, and the ring waits.
 */
void
trunk_ends(struct parent *p, const char *what)
{
	p->next = false;
	p->expected |= 1u << CHILD_WRITER | 1u << CHILD_SIGNER;
	p->was_made &= ~(1u << CHILD_WRITER | 1u << CHILD_SIGNER);
	children_tell(&p->c, CHILD_WRITER, what);
}

/* A successor is made, while nobody has the keys of the log that is over. */
static void
succeed(struct parent *p)
{
	p->over = false;
	if (parent_too_often(p)) {
		p->status = 1;
		parent_enter(p, STATE_STOP_RECEIVER);
		return;
	}
	p->c.successor.found = p->found;
	parent_make(p, CHILD_SUCCESSOR);
}

/* A successor begins with nothing that could have been lost. */
static void
follow(struct parent *p)
{
	struct site *site = p->opt->site;
	unsigned before[SITE_LOGS_MAX];
	size_t i;

	for (i = 0; i < site->n_logs; i++)
		before[i] = site->logs[i].generation;
	succession_follow(site);
	for (i = 0; i < site->n_logs; i++)
		if (site->logs[i].generation != before[i])
			estate_set_size(p->c.estate, (uint32_t)i, 0);
}

/* Let the next log that was rolled back have a successor; false: none was. */
static bool
next_rolled(struct parent *p)
{
	struct successor *next = &p->c.successor;

	if (p->rolled == 0)
		return false;
	next->log = (size_t)__builtin_ctz(p->rolled);
	next->pending = false;
	next->why = PREDECESSOR_BREAK;
	next->outside = buf_view(&p->outside[next->log]);
	snprintf(p->found, sizeof(p->found), "%s",
	    tr("a checkpoint outside this machine, with the log's own "
	       "signature, is of a larger log or of another",
		"このログ自身の署名がある、より大きいまたは別の内容のチェックポ"
		"イントが機器の外にある"));
	p->rolled &= p->rolled - 1;
	return true;
}

void
trunk_recover(struct parent *p)
{
	parent_fell(p, CHILD_WRITER);
	parent_fell(p, CHILD_SIGNER);
	if (p->c.pid[CHILD_WRITER] == 0 && p->c.pid[CHILD_SIGNER] == 0)
		succeed(p);
}

/* One whose socket at the writer died with it. */
static void
guest_again(struct parent *p, enum child child)
{
	p->was_made &= ~(1u << child); /* not its fault: no restart to count */
	if (p->c.pid[child] != 0)
		parent_fell(p, child);
	else if (p->state == STATE_RUN)
		parent_make(p, child);
}

void
trunk_again(struct parent *p)
{
	parent_fell(p, CHILD_WRITER);
	parent_fell(p, CHILD_SIGNER);
	if (p->c.pid[CHILD_WRITER] != 0 || p->c.pid[CHILD_SIGNER] != 0)
		return;
	if (p->over || next_rolled(p)) {
		succeed(p);
		return;
	}
	follow(p);
	if (p->renew && children_renew(&p->c) != 0) {
		log_errno(tr("cannot make a ring", "リングを作成できません"));
		p->status = 1;
		parent_enter(p, STATE_STOP_RECEIVER);
		return;
	}
	parent_make(p, CHILD_SIGNER);
	if (p->state == STATE_RUN)
		parent_make(p, CHILD_WRITER);
	if (p->state == STATE_RUN && p->renew)
		parent_make(p, CHILD_RECEIVER);
	p->renew = false;
	guest_again(p, CHILD_TAILER);
	guest_again(p, CHILD_ANCHOR);
	if (p->opt->site->n_forwards > 0)
		guest_again(p, CHILD_FORWARDER);
}

/*
 * The successor that was made ahead is the writer's to certify.  It gets the
 * description of it from here: it reads no file beside the logs that it had
 * when it began.
 */
static void
renewed(struct parent *p)
{
	const struct site *site = p->opt->site;
	const struct site_log *log = &site->logs[p->c.successor.log];
	struct generation g;
	char path[4096], text[32];
	int fd = -1;

	snprintf(text, sizeof(text), "renewed %zu", p->c.successor.log);
	if (generation_find(site, log, log->generation + 1, &g) == 0 &&
	    io_join(path, sizeof(path), g.dir, SUCCESSION_PENDING) == 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || children_give(&p->c, CHILD_WRITER, text, &fd, 1) != 0)
		log_errno(tr("log '%s': its successor cannot be read",
			      "ログ「%s」: 後継のログを読めません"),
		    log->name);
	if (fd >= 0)
		close(fd);
}

void
trunk_succeeded(struct parent *p, bool fine)
{
	if (p->c.pid[CHILD_WRITER] != 0) { /* made ahead */
		if (fine)
			renewed(p);
		return;
	}
	if (!fine) {
		p->status = 1;
		parent_enter(p, STATE_STOP_RECEIVER);
	} else if (p->state == STATE_RUN) {
		trunk_again(p);
		if (p->stop && p->state == STATE_RUN)
			parent_enter(p, STATE_STOP_RECEIVER);
	} else
		trunk_asked(p);
}

void
trunk_asked(struct parent *p)
{
	follow(p);
	if (next_rolled(p))
		succeed(p);
	else
		parent_enter(p, STATE_RECOVER);
}

/*
 * Nothing may be signed that continues a log that was rolled back: the writer
 * leaves what it has of it as unsealed records.
 */
void
trunk_rolled(struct parent *p, struct span s)
{
	struct cursor c = cursor_make(s);
	char text[32];
	uint64_t n;

	cursor_expect(&c, SPAN("rolled "));
	n = cursor_decimal(&c, SITE_LOGS_MAX - 1);
	cursor_expect(&c, SPAN(" "));
	if (c.bad || n >= p->opt->site->n_logs)
		return; /* "asked" */
	p->outside[n].len = 0;
	buf_span(&p->outside[n], span_make(c.p, cursor_left(&c)));
	p->rolled |= 1u << n;
	if (p->state == STATE_RUN && p->c.pid[CHILD_SUCCESSOR] == 0) {
		snprintf(text, sizeof(text), "drop %u", (unsigned)n);
		trunk_ends(p, text);
	}
}

/* "N break WHY", "N renewal WHY", and "N" alone for one made ahead. */
static void
on_over(struct parent *p, struct span s, bool pending)
{
	struct cursor c = cursor_make(s);
	uint64_t n = cursor_decimal(&c, SITE_LOGS_MAX - 1);
	struct successor *next = &p->c.successor;
	struct span why = span_make(NULL, 0);

	if (!pending) {
		cursor_expect(&c, SPAN(" "));
		why = cursor_until(&c, ' ');
	}
	if (c.bad || n >= p->opt->site->n_logs ||
	    p->state >= STATE_STOP_RECEIVER || p->c.pid[CHILD_SUCCESSOR] != 0)
		return;
	next->log = (size_t)n;
	next->outside = span_make(NULL, 0);
	next->pending = pending;
	next->why = pending || span_is(why, "renewal") ? PREDECESSOR_RENEWAL
						       : PREDECESSOR_BREAK;
	snprintf(p->found, sizeof(p->found), "%.*s", (int)cursor_left(&c),
	    (const char *)c.p);
	if (next->why == PREDECESSOR_BREAK)
		log_error(tr("ALARM: log '%s' is not as it was signed and is "
			     "left as it is: another follows it",
			      "警報: ログ「%s」が署名済みの内容と一致しません。"
			      "そのまま残し、後継のログを作成します"),
		    p->opt->site->logs[n].name);
	if (pending) {
		next->found = p->found;
		parent_make(p, CHILD_SUCCESSOR);
		return;
	}
	p->over = true;
	p->expected |= 1u << CHILD_WRITER | 1u << CHILD_SIGNER;
	p->was_made &= ~(1u << CHILD_WRITER | 1u << CHILD_SIGNER);
}

void
trunk_hears(struct parent *p, struct span s)
{
	if (span_is(s, "ready")) {
		if (p->state == STATE_RECOVER)
			parent_enter(p, STATE_OPEN);
	} else if (span_is(s, "broken") && p->state == STATE_RUN) {
		log_error(tr("ALARM: the receiver is not trusted any more and "
			     "is made anew",
		    "警報: 受信プロセスを信用できないため作り直します"));
		p->renew = true;
		parent_fell(p, CHILD_RECEIVER);
		trunk_ends(p, "stop");
	} else if (span_is(s, "broken")) { /* before it runs: no second try */
		p->status = 1;
		parent_enter(p, STATE_STOP_RECEIVER);
	} else if (span_is(span_sub(s, 0, 5), "over "))
		on_over(p, span_sub(s, 5, s.len), false);
	else if (span_is(span_sub(s, 0, 6), "renew "))
		on_over(p, span_sub(s, 6, s.len), true);
	else if (span_is(s, "next") && p->state == STATE_RUN)
		trunk_ends(p, "leave");
	else if (span_is(s, "next"))
		p->next = true; /* as soon as it runs */
}
