/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/escalation.h"

#include <inttypes.h>
#include <string.h>

#include "common/log.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * From when on it counts who was told: what was told before the case became as
 * severe as it is was told to another ladder, and what was told before news
 * that call for another answer has had its answer.
 */
static int64_t
since(const struct casebook_group *group)
{
	return group->news > group->since ? group->news : group->since;
}

/* Whether somebody has answered for all that there is. */
static bool
is_answered(const struct casebook_group *group)
{
	return group->answered != NULL && group->news == 0 &&
	    group->answered->at >= group->since;
}

/* Whether a step is an attempt to tell somebody: a copy for a machine is
 * none. */
static bool
is_attempt(const struct casebook_step *s, const struct casebook_group *group,
    int64_t from)
{
	return s->kind == CASEBOOK_SENT && s->at >= from &&
	    strcmp(s->group, group->id) == 0 && strcmp(s->how, "cef") != 0;
}

/* What was tried so far since the case is what it is. */
struct tried {
	unsigned n;	     /* persons; all channels of one are one attempt */
	int64_t first, last; /* 0: none */
	bool reached;	     /* by any channel, any of those told together */
};

static struct tried
tried(const struct casebook *book, const struct casebook_group *group,
    const struct contacts_ladder *ladder)
{
	int64_t from = since(group);
	const char *who = "", *how = "";
	struct tried t = { 0, 0, 0, false };
	size_t i;

	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (!is_attempt(s, group, from))
			continue;
		/* The first channel again is another attempt, too. */
		if (t.n == 0 || strcmp(s->who, who) != 0 ||
		    strcmp(s->how, how) == 0) {
			how = s->how;
			if (ladder->n == 0 ||
			    !ladder->with[t.n % (unsigned)ladder->n])
				t.reached = false;
			t.n++;
		}
		if (t.first == 0)
			t.first = s->at;
		who = s->who;
		t.last = s->at;
		t.reached |= s->ok;
	}
	return t;
}

static enum contacts_when
when(const struct calendar *calendar, int64_t now)
{
	if (calendar == NULL || calendar_open(calendar, now))
		return CONTACTS_DAY;
	return calendar_closed(calendar, calendar_day(calendar, now))
	    ? CONTACTS_CLOSED
	    : CONTACTS_NIGHT;
}

/* When hours of business begin next, to five minutes. */
static int64_t
next_opening(const struct calendar *calendar, int64_t now)
{
	const int64_t step = 5 * UTC_MINUTE, last = now + 31 * UTC_DAY;

	for (now -= now % step; now < last; now += step)
		if (calendar_open(calendar, now))
			break;
	return now;
}

/*
 * The ladder is that of the time at which it began: who is next does not
 * change because the night is over meanwhile.
 */
static const struct contacts_ladder *
ladder_of(const struct escalation_asked *asked,
    const struct casebook_group *group)
{
	const struct contacts_level *level =
	    &asked->contacts->level[group->severity];
	struct tried t =
	    tried(asked->book, group, &level->ladder[CONTACTS_DAY]);

	return &level->ladder[when(asked->calendar,
	    t.first == 0 ? asked->now : t.first)];
}

/* Letters and figures that nobody takes for another (Crockford's base 32). */
static void
make_code(const struct escalation_asked *asked, struct escalation_due *due)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const struct casebook_finding *f =
	    casebook_worst(asked->book, due->group);
	uint8_t sum[SHA256_LEN];
	struct sha256 sha;
	uint64_t n = asked->book->n_steps;
	size_t i, at = 0;

	sha256_init(&sha);
	sha256_update(&sha, f->leaf, sizeof(f->leaf));
	sha256_update(&sha, due->group->id, strlen(due->group->id) + 1);
	sha256_update(&sha, due->person->id, strlen(due->person->id) + 1);
	sha256_update(&sha, &n, sizeof(n));
	sha256_final(&sha, sum);
	for (i = 0; i < 8; i++) {
		if (i == 4)
			due->code[at++] = '-';
		due->code[at++] = letters[sum[i] & 31];
	}
	due->code[at] = '\0';
}

/* Until when it is to wait before anybody is told, or 0. */
static int64_t
wait_before(const struct escalation_asked *asked,
    const struct casebook_group *group, bool begun)
{
	const struct contacts_level *level =
	    &asked->contacts->level[group->severity];
	int64_t gathered = since(group) + asked->gather;

	if (!begun && group->severity < CASEBOOK_CRITICAL &&
	    asked->now < gathered)
		return gathered;
	if (level->business && asked->calendar != NULL &&
	    !calendar_open(asked->calendar, asked->now))
		return next_opening(asked->calendar, asked->now);
	return 0;
}

int
escalation_next(const struct escalation_asked *asked,
    const struct casebook_group *group, struct escalation_due *due,
    int64_t *again)
{
	const struct contacts_level *level =
	    &asked->contacts->level[group->severity];
	const struct contacts_ladder *ladder;
	int64_t wait = level->answer_min * UTC_MINUTE;
	struct tried t;
	unsigned turn;

	*again = 0;
	if (group->n_heard == 0 || is_answered(group))
		return 0;
	ladder = ladder_of(asked, group);
	t = tried(asked->book, group, ladder);
	if (ladder->n == 0 || (t.n >= ladder->n && !level->repeat))
		return 0;
	turn = t.n % (unsigned)ladder->n;
	*again = wait_before(asked, group, t.n > 0);
	if (*again != 0)
		return 0;
	/* Who could not be told cannot answer; but a whole round of failures
	 * waits, or a broken mail server would be asked without end. */
	if (t.n > 0 && !ladder->with[turn] && (t.reached || turn == 0) &&
	    asked->now < t.last + wait) {
		*again = t.last + wait;
		return 0;
	}
	*due = (struct escalation_due){ .group = group,
		.person = &asked->contacts->people[ladder->order[turn]],
		.attempt = t.n + 1,
		.more = turn + 1 < ladder->n && ladder->with[turn + 1] };
	make_code(asked, due);
	return 1;
}

/* ---- codes ---- */

/* What people and telephones make of it: small letters, blanks, O for 0. */
static char
code_letter(uint8_t c)
{
	if (c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : (char)c;
}

/* Whether the two are one code: letters and figures alone count. */
static bool
is_code(const char *code, struct span typed)
{
	size_t i;

	for (i = 0; i < typed.len; i++) {
		if (typed.p[i] == '-' || typed.p[i] == ' ')
			continue;
		code += *code == '-';
		if (code_letter(typed.p[i]) != *code++)
			return false;
	}
	return *code == '\0';
}

const struct casebook_step *
escalation_code(const struct casebook *book, struct span typed)
{
	size_t i;

	for (i = book->n_steps; i-- > 0;)
		if (book->steps[i].kind == CASEBOOK_SENT &&
		    *book->steps[i].code != '\0' &&
		    is_code(book->steps[i].code, typed))
			return &book->steps[i];
	return NULL;
}

bool
escalation_is_stale(const struct casebook_group *group,
    const struct casebook_step *sent)
{
	return sent->at < since(group);
}

/* ---- what is written ---- */

const char *
escalation_mark(const struct escalation_site *site, bool replay)
{
	if (site->drill)
		return tr("[DRILL] ", "【訓練】");
	return replay ? tr("[sample] ", "【見本】") : "";
}

void
escalation_subject(const struct casebook *book,
    const struct escalation_due *due, const struct escalation_site *site,
    struct buf *out)
{
	const struct casebook_finding *f = casebook_worst(book, due->group);

	text_escape(span_str(escalation_mark(site, f->replay)), out);
	buf_printf(out, "[konseki %s] ",
	    casebook_severity_name(due->group->severity));
	text_escape(span_str(site->name), out);
	buf_str(out, ": ");
	text_escape(span_str(tr(f->title_en, f->title_ja)), out);
	if (due->group->n_heard > 1)
		buf_printf(out, tr(" and %zu more", " ほか%zu件"),
		    due->group->n_heard - 1);
}

static void
finding_lines(const struct casebook_finding *f, int zone, struct buf *out)
{
	char when[UTC_TEXT];

	buf_printf(out, "%s [%s] ", casebook_severity_name(f->severity),
	    f->rule);
	text_escape(span_str(tr(f->title_en, f->title_ja)), out);
	buf_printf(out, "\n  %s\n  ", utc_print_local(f->first, zone, when));
	text_escape(span_str(tr(f->what_en, f->what_ja)), out);
	buf_str(out, tr("\n  To do: ", "\n  対応: "));
	text_escape(span_str(tr(f->todo_en, f->todo_ja)), out);
	if (f->n_cites > 0)
		buf_printf(out,
		    tr("\n  Evidence: %s #%" PRIu64 " (leaf %.16s), %" PRIu64
		       " record(s)",
			"\n  証跡: %s #%" PRIu64
			"（リーフ %.16s）ほか 計%" PRIu64 "件"),
		    f->cites[0].origin, f->cites[0].index, f->cites[0].leaf,
		    f->n_evidence);
	buf_str(out, "\n\n");
}

/* How it went, before the findings one by one. */
static void
course(const struct casebook_group *g, int zone, struct buf *out)
{
	char when[UTC_TEXT];
	size_t i;

	buf_printf(out,
	    tr("Score %" PRIu64 ".%" PRIu64 ", phases: ",
		"評点 %" PRIu64 ".%" PRIu64 "・段階: "),
	    g->score / 10, g->score % 10);
	casebook_phases(g, out);
	buf_str(out, "\n");
	for (i = 0; i < PHASE_RESPONSE; i++)
		if (g->phases[i].n > 0)
			buf_printf(out,
			    tr("  %s from %s, %zu finding(s)\n",
				"  %s %s～ %zu件\n"),
			    phase_name((enum phase)i),
			    utc_print_local(g->phases[i].first, zone, when),
			    g->phases[i].n);
	buf_str(out, "\n");
}

/* How to answer, and what happens if nobody does. */
static void
answer(const struct escalation_due *due, const struct escalation_site *site,
    struct buf *out)
{
	const char *option = *site->option == '\0' ? "" : " --site ";

	buf_printf(out, tr("Answer code: %s\n", "応答コード: %s\n"),
	    due->code);
	if (site->replies)
		buf_str(out,
		    tr("If you take it, reply to this mail, or run:\n",
			"引き受ける場合は、このメールに返信するか、次を実行して"
			"ください:\n"));
	else
		buf_str(out,
		    tr("If you take it, run:\n",
			"引き受ける場合は、次を実行してください:\n"));
	buf_printf(out, "  konseki case ack --code %s%s%s\n", due->code, option,
	    site->option);
	buf_printf(out,
	    tr("What is known, whom to call: konseki case night %s%s%s\n%s",
		"判明していること・連絡先: konseki case night %s%s%s\n%s"),
	    due->group->id, option, site->option,
	    tr("Without an answer the next person will be told.\n",
		"応答がない場合は、次の担当者に連絡します。\n"));
}

/* Before anything else: what is no real event, and what is certain. */
static void
caution(const struct casebook_finding *f, const struct escalation_site *site,
    struct buf *out)
{
	if (site->drill)
		buf_str(out,
		    tr("*** DRILL *** This is a drill, not a real event. Act "
		       "as in an emergency, but call nobody outside and "
		       "disconnect nothing.\n\n",
			"【訓練 訓練 訓練】これは訓練であり、実際の事象ではあり"
			"ません。手順どおりに行動してください。ただし、外部への"
			"連絡と機器の切離しは行わないでください。\n\n"));
	else if (f->replay)
		buf_str(out,
		    tr("This is a sample or a drill, not a real event.\n\n",
			"これは見本（訓練）です。実際の事象ではありません。\n"
			"\n"));
	buf_str(out,
	    tr("The following needs to be confirmed. It is a suspicion, not a "
	       "conclusion.\n\n",
		"次の事象について確認が必要です。疑いの段階であり、断定ではあり"
		"ません。\n\n"));
}

void
escalation_body(const struct casebook *book, const struct escalation_due *due,
    const struct escalation_site *site, struct buf *out)
{
	const struct casebook_group *g = due->group;
	const struct casebook_finding *f;
	size_t i, n = 0;

	text_escape(span_str(site->name), out);
	buf_printf(out, tr("\nTo: %s %s\n", "\n宛先: %s %s\n"),
	    due->person->role, due->person->name);
	buf_printf(out,
	    tr("Case %s, message %u\n\n", "事案 %s・連絡 %u回目\n\n"), g->id,
	    due->attempt);
	caution(&book->findings[g->findings[0]], site, out);
	answer(due, site, out);
	buf_byte(out, '\n');
	course(g, site->zone, out);
	for (i = 0; i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		if (f->quiet != CASEBOOK_HEARD || n++ >= ESCALATION_FINDINGS)
			continue;
		finding_lines(f, site->zone, out);
	}
	if (n > ESCALATION_FINDINGS)
		buf_printf(out,
		    tr("and %zu more: konseki case show %s\n\n",
			"ほか%zu件: konseki case show %s\n\n"),
		    n - ESCALATION_FINDINGS, g->id);
}
