/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/rules_pack.h"
#include "common/io.h"
#include "common/log.h"

/*
 * konseki rules page: docs/pack.md, the manual of the pack, from its files.
 * The page is the same whatever language the user reads.
 */

static const char head[] =
    "# ルール集 / The pack of rules\n"
    "\n"
    "`rules/detection/` のファイルから作られます（`make pack-page`）。"
    "書き方と設定は docs/rules.md にあります。○ は clinic プロファイルで"
    "有効なもので、\n"
    "hospital と group ではすべて有効です。検知は疑いや確認の必要を"
    "知らせるもので、断定ではありません。\n"
    "\n"
    "Made from the files in `rules/detection/` (`make pack-page`); "
    "docs/rules.md says how they are written and what the settings are. "
    "○: on in the clinic\n"
    "profile; hospital and group have all. A finding says what is suspected or "
    "has to be looked at, never a verdict.\n"
    "\n"
    "| code | 重大度 / level | 最初に / first | clinic | 名称 / title |\n"
    "|---|---|---|---|---|\n";

static const char *const part[RULE_TEXTS] = { "何が / what", "なぜ / why",
	"どうする / do" };

/* Marks of Markdown mean nothing; a line end is a blank. */
static void
put_text(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("|<*_`[]", *s) != NULL)
			buf_byte(out, '\\');
		buf_byte(out, *s == '\n' ? ' ' : (uint8_t)*s);
	}
}

static void
put_row(struct buf *out, const struct rule *r, const struct settings *clinic)
{
	buf_printf(out, "| [%s](#%s) | %s %s | %s | %s | ", r->code, r->id,
	    finding_severity_ja(r->level), finding_severity_en(r->level),
	    r->first_to, settings_enables(clinic, r->code) ? "○" : "");
	put_text(out, r->title_ja);
	buf_str(out, " / ");
	put_text(out, r->title_en);
	buf_str(out, " |\n");
}

static void
put_false(struct buf *out, const struct yaml_node *list)
{
	const struct yaml_node *n;

	if (list == NULL || list->first == NULL)
		return;
	buf_str(out, "\n誤検知 / false positives:\n");
	for (n = list->first; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR)
			continue;
		buf_str(out, "- ");
		put_text(out, (const char *)n->text.p);
		buf_byte(out, '\n');
	}
}

static void
put_inhibitors(struct buf *out, const struct rule *r)
{
	size_t i;

	if (r->n_inhibited_by == 0)
		return;
	buf_str(out, "\n抑制 / says nothing beside:");
	for (i = 0; i < r->n_inhibited_by; i++)
		buf_printf(out, "%s %s", i > 0 ? "," : "", r->inhibited_by[i]);
	buf_byte(out, '\n');
}

static void
put_rule(struct buf *out, const struct rule *r)
{
	size_t i;

	buf_printf(out, "\n<a id=\"%s\"></a>\n### %s ", r->id, r->code);
	put_text(out, r->title_ja);
	buf_str(out, "\n\n");
	put_text(out, r->title_en);
	buf_printf(out, ". `%s`", r->file);
	for (i = 0; i < r->n_attack; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : ". ATT&CK: ",
		    r->attack[i]);
	buf_str(out, "\n\n");
	for (i = 0; i < RULE_TEXTS; i++) {
		buf_printf(out, "- %s: ", part[i]);
		put_text(out, r->ja[i]);
		buf_str(out, " ");
		put_text(out, r->en[i]);
		buf_byte(out, '\n');
	}
	put_inhibitors(out, r);
	put_false(out, r->falsepositives);
}

/* A technique and a rule for it. */
struct technique {
	const char *id;
	const struct rule *rule;
};

static int
by_technique(const void *a, const void *b)
{
	const struct technique *p = a, *q = b;
	int c = strcmp(p->id, q->id);

	return c != 0 ? c : strcmp(p->rule->code, q->rule->code);
}

static void
put_techniques(struct buf *out, const struct rules_pack *pack)
{
	struct technique *v;
	size_t i, k, n = 0;

	v = calloc(pack->n * FINDING_ATTACK + 1, sizeof(*v));
	if (v == NULL)
		abort();
	for (i = 0; i < pack->n; i++)
		for (k = 0; k < pack->rule[i]->n_attack; k++)
			v[n++] = (struct technique){ pack->rule[i]->attack[k],
				pack->rule[i] };
	qsort(v, n, sizeof(*v), by_technique);
	buf_str(out,
	    "\n## ATT&CK\n\n"
	    "| technique | 検知するルール / rules |\n|---|---|\n");
	for (i = 0; i < n; i++) {
		if (i == 0 || strcmp(v[i].id, v[i - 1].id) != 0)
			buf_printf(out, "%s| %s |", i > 0 ? " |\n" : "",
			    v[i].id);
		buf_printf(out, " [%s](#%s)", v[i].rule->code, v[i].rule->id);
	}
	buf_str(out, n > 0 ? " |\n" : "");
	free(v);
}

static int
print_page(const struct rules_pack *pack)
{
	struct arena *arena = arena_new();
	struct settings clinic;
	struct yaml_error err;
	struct buf out;
	size_t i;
	int rc = 1;

	buf_init(&out);
	if (ruleset_settings(pack->dir, "clinic", arena, &clinic, &err) == -1)
		yaml_report(&err);
	else {
		buf_str(&out, head);
		for (i = 0; i < pack->n; i++)
			put_row(&out, pack->rule[i], &clinic);
		put_techniques(&out, pack);
		buf_str(&out, "\n## ルール / rules\n");
		for (i = 0; i < pack->n; i++)
			put_rule(&out, pack->rule[i]);
		rc = fwrite(out.p, 1, out.len, stdout) == out.len &&
			fflush(stdout) == 0
		    ? 0
		    : 1;
		if (rc != 0)
			log_errno(tr("cannot write", "書けません"));
	}
	buf_fini(&out);
	arena_free(arena);
	return rc;
}

int
rules_page(struct rules_call *c)
{
	struct rules_pack pack;
	int rc = 1;

	if (c->narg > 0)
		return RULES_USAGE;
	if (rules_pack_open(&pack, c, NULL, 0) == 0 && pack.wrong == 0)
		rc = print_page(&pack);
	rules_pack_close(&pack);
	return rc;
}
