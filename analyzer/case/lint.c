/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/lint.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/ledger/date.h"
#include "common/log.h"
#include "common/text.h"

struct lint {
	const struct contacts *c;
	const struct site *site;
	struct buf *out;
	size_t n;
};

#define LINE_BYTES 1024u

static void say(struct lint *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct lint *l, const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	text_escape(span_str(line), l->out);
	buf_byte(l->out, '\n');
	l->n++;
}

/* Whether any of the words stands in it; they are parted by bars. */
static bool
has_any(const char *text, const char *words)
{
	char word[64];
	size_t n;

	for (; *words != '\0'; words += n + (words[n] == '|')) {
		n = strcspn(words, "|");
		if (n >= sizeof(word))
			continue;
		memcpy(word, words, n);
		word[n] = '\0';
		if (strstr(text, word) != NULL)
			return true;
	}
	return false;
}

/* Roles of the guidance, by the words that say so. */
static const struct {
	const char *en, *ja, *words;
} roles[] = {
	{ "executives", "経営層", "経営|理事長|院長|executive|director" },
	{ "medical information system safety manager",
	    "医療情報システム安全管理責任者",
	    "安全管理責任者|safety manager|システム管理責任者" },
	{ "planning manager", "企画管理者", "企画管理者|planning manager" },
	{ "system operator", "システム運用担当者",
	    "運用担当|情シス|システム担当|operator" },
};

/* Who is to be on the sheet, outside the hospital. */
static const struct {
	const char *en, *ja, *words;
} offices[] = {
	{ "ministry (MHLW)", "厚生労働省", "厚生労働省|厚労省|MHLW" },
	{ "police", "都道府県警察", "警察|県警|府警|道警|police" },
	{ "PPC", "個人情報保護委員会", "個人情報保護委員会|PPC" },
	{ "vendor of the medical record", "電子カルテの事業者",
	    "電子カルテ|レセ|事業者|vendor" },
};

static void
lint_roles(struct lint *l)
{
	size_t i, j;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		for (j = 0; j < l->c->n_people; j++)
			if (has_any(l->c->people[j].role, roles[i].words))
				break;
		if (j == l->c->n_people)
			say(l,
			    tr("nobody has the role: %s",
				"役割の担当者がいません: %s"),
			    tr(roles[i].en, roles[i].ja));
	}
	for (i = 0; i < sizeof(offices) / sizeof(offices[0]); i++) {
		for (j = 0; j < l->c->n_outside; j++)
			if (has_any(l->c->outside[j].name, offices[i].words))
				break;
		if (j == l->c->n_outside)
			say(l,
			    tr("not on the sheet of those outside: %s",
				"外部の連絡先にありません: %s"),
			    tr(offices[i].en, offices[i].ja));
	}
}

/* Whether a message can reach him without a telephone. */
static bool
has_channel(const struct lint *l, const struct contacts_person *p)
{
	return (*p->mail != '\0' && *l->site->mail.server != '\0') ||
	    (p->webhook && *l->site->escalation.webhook != '\0') ||
	    (p->command && l->site->escalation.command.n > 0);
}

static void
lint_people(struct lint *l)
{
	size_t i;

	for (i = 0; i < l->c->n_people; i++) {
		const struct contacts_person *p = &l->c->people[i];

		if (contacts_is_blank(p->name))
			say(l, tr("%s: the name is not filled in",
				   "%s: 氏名が未記入です"),
			    p->id);
		if (contacts_is_blank(p->phone))
			say(l,
			    tr("%s: the telephone number is not filled in "
			       "(mail may be down, or read by others)",
				"%s: 電話番号が未記入です（メールが使えない場合"
				"に必要です）"),
			    p->id);
		if (!has_channel(l, p))
			say(l,
			    tr("%s: no channel reaches this person; others "
			       "are told in his place",
				"%s: 自動で連絡できる手段がありません（次の人へ"
				"連絡します）"),
			    p->id);
	}
}

static bool
reaches(const struct contacts *c, const struct contacts_ladder *ladder,
    const char *words)
{
	size_t i;

	for (i = 0; i < ladder->n; i++)
		if (has_any(c->people[ladder->order[i]].role, words))
			return true;
	return false;
}

static void
lint_levels(struct lint *l)
{
	int s;
	size_t w;

	for (s = CASEBOOK_SERIOUS; s <= CASEBOOK_CRITICAL; s++) {
		const struct contacts_level *v = &l->c->level[s];
		const char *name =
		    casebook_severity_name((enum casebook_severity)s);

		for (w = 0; w < CONTACTS_WHEN_COUNT; w++)
			if (!reaches(l->c, &v->ladder[w], roles[0].words))
				break;
		if (w < CONTACTS_WHEN_COUNT)
			say(l,
			    tr("%s: at some hours no executive is reached",
				"%s: 経営層に届かない時間帯があります"),
			    name);
		if (v->business)
			say(l,
			    tr("%s waits for hours of business: at night "
			       "nobody is told",
				"%s が業務時間まで保留されます（夜間は誰にも"
				"連絡しません）"),
			    name);
		if (s == CASEBOOK_CRITICAL && !v->repeat)
			say(l,
			    tr("%s is not repeated until somebody answers",
				"%s が応答まで繰り返されません（repeat）"),
			    name);
	}
}

static void
lint_outside(struct lint *l, int64_t today)
{
	int64_t day;
	size_t i;

	for (i = 0; i < l->c->n_outside; i++) {
		const struct contacts_outside *o = &l->c->outside[i];

		if (contacts_is_blank(o->phone) || contacts_is_blank(o->name))
			say(l,
			    tr("outside, %s: the number is not filled in",
				"外部 %s: 電話番号が未記入です"),
			    o->name);
		if (*o->confirmed == '\0' ||
		    date_parse(span_str(o->confirmed), &day) != 0)
			say(l,
			    tr("outside, %s: nobody says when it was last "
			       "confirmed (confirmed: 2026-11-01)",
				"外部 %s: 確認日がありません（confirmed: "
				"2026-11-01）"),
			    o->name);
		else if (today - day > LINT_CONFIRM_DAYS)
			say(l,
			    tr("outside, %s: last confirmed %" PRId64
			       " days ago",
				"外部 %s: 最後の確認から%" PRId64
				"日たっています"),
			    o->name, today - day);
	}
}

size_t
contacts_lint(const struct contacts *c, const struct site *site, int64_t today,
    struct buf *out)
{
	struct lint l = { c, site, out, 0 };

	lint_roles(&l);
	lint_people(&l);
	lint_levels(&l);
	lint_outside(&l, today);
	return l.n;
}
