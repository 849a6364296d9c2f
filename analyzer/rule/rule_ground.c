/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule_file.h"

#include "analyzer/ledger/sheet.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * What a rule rests on: needs, coverage, unsure, each, after, by, baseline,
 * share.
 */

/* The name of a setting, so that thresholds stand in one place. */
static int
read_setting(struct rule_reader *r, const struct yaml_node *map,
    const char *key, bool needed, enum setting *which)
{
	const struct yaml_node *n = yaml_get(map, key);

	if (n == NULL && !needed)
		return 0;
	if (n != NULL && n->kind == YAML_SCALAR &&
	    setting_parse(n->text, which) == 0)
		return 1;
	if (n == NULL || n->kind != YAML_SCALAR)
		return RULE_FAIL(r, n == NULL ? map : n,
		    tr("'%s' is the name of a setting, such as "
		       "account.coverage",
			"「%s」には account.coverage のような設定名が必要です"),
		    key);
	return RULE_FAIL(r, n,
	    tr("'%s' is the name of a setting, such as account.coverage; "
	       "there is none called '%.*s' (docs/rules.md)",
		"「%s」には account.coverage のような設定名が必要です。"
		"「%.*s」という設定はありません（docs/rules.md）"),
	    key, (int)n->text.len, (const char *)n->text.p);
}

static int
read_number(struct rule_reader *r, const struct yaml_node *map,
    const char *key, bool needed, double *value)
{
	enum setting which;
	int rc = read_setting(r, map, key, needed, &which);

	*value = rc == 1 ? settings_number(r->settings, which) : 0;
	return rc == -1 ? -1 : 0;
}

static int
read_days(struct rule_reader *r, const struct yaml_node *map, int64_t *days)
{
	double value;

	if (read_number(r, map, "days", true, &value) == -1)
		return -1;
	*days = (int64_t)value;
	return 0;
}

static int
read_needs(struct rule_reader *r, const struct yaml_node *list)
{
	const struct yaml_node *n;
	enum ledger l;

	for (n = list->first; n != NULL; n = n->next) {
		if (ledger_parse_name(n->text, &l) == -1)
			break;
		r->rule->needs |= 1u << l;
	}
	if (list->kind == YAML_SEQ && n == NULL && r->rule->needs != 0)
		return 0;
	return RULE_FAIL(r, n == NULL ? list : n,
	    tr("a list of ledgers: devices, accounts, maintenance, duty, "
	       "people, exported, identities, networks, patients",
		"台帳の一覧が必要です: devices accounts maintenance duty "
		"people exported identities networks patients"));
}

static int
read_coverage(struct rule_reader *r, const struct yaml_node *map)
{
	struct rule_coverage *c = &r->rule->coverage;
	const struct yaml_node *records;
	struct scope_reader s;

	c->on = true;
	if (rule_only(r, map, "days|percent|records") == -1 ||
	    read_days(r, map, &c->days) == -1 ||
	    read_number(r, map, "percent", true, &c->percent) == -1)
		return -1;
	if ((records = yaml_get(map, "records")) == NULL)
		return 0;
	c->records = detection_parse_selection(records,
	    rule_reader_of(r, SCOPE_FACTS, &s));
	return c->records == NULL ? -1 : 0;
}

static int
read_each(struct rule_reader *r, const struct yaml_node *map)
{
	static const struct {
		const char *name;
		enum rule_rows rows;
	} known[] = {
		{ "accounts", RULE_ROWS_ACCOUNTS },
		{ "devices", RULE_ROWS_DEVICES },
		{ "exported", RULE_ROWS_EXPORTED },
	};
	const struct yaml_node *n = yaml_get(map, "each");
	size_t i;

	for (i = 0; n != NULL && i < sizeof(known) / sizeof(known[0]); i++)
		if (span_is(n->text, known[i].name) &&
		    (known[i].rows != RULE_ROWS_EXPORTED ||
			r->rule->detector == RULE_LEDGER)) {
			r->rule->roll.each = known[i].rows;
			return 0;
		}
	return RULE_FAIL(r, n == NULL ? map : n,
	    tr("each is accounts or devices; of detector: ledger also exported",
		"eachはaccounts devicesのいずれかです（detector: "
		"ledgerではexportedも）"));
}

/* Facts that are days. */
static int
read_after(struct rule_reader *r, const struct yaml_node *list)
{
	struct rule_roll *roll = &r->rule->roll;
	const struct yaml_node *n;
	enum fact f;

	for (n = list->first; n != NULL; n = n->next) {
		if (roll->n_after == RULE_AFTER ||
		    fact_parse(n->text, &f) == -1 || !fact_is_day(f))
			break;
		roll->after[roll->n_after++] = f;
	}
	if (list->kind == YAML_SEQ && n == NULL)
		return 0;
	return RULE_FAIL(r, n == NULL ? list : n,
	    tr("a list of facts that are days: account.issued, "
	       "account.password_set",
		"日付である事実の一覧が必要です: account.issued "
		"account.password_set"));
}

static int
read_roll(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *each = yaml_get(map, "each");
	const struct yaml_node *after = yaml_get(map, "after");
	const struct yaml_node *by = yaml_get(map, "by");
	enum rule_detector d = r->rule->detector;

	r->rule->roll.by = ECS_COUNT;
	if ((each != NULL && d != RULE_LEDGER && d != RULE_UNSEEN) ||
	    ((after != NULL || by != NULL) && d != RULE_UNSEEN))
		return RULE_FAIL(r, map,
		    tr("each belongs to detector: ledger and unseen, after "
		       "and by to unseen",
			"eachはdetector: ledgerとunseen、after "
			"byはunseenでだけ使えます"));
	if (d != RULE_LEDGER && d != RULE_UNSEEN)
		return 0;
	if (read_each(r, map) == -1 ||
	    (after != NULL && read_after(r, after) == -1))
		return -1;
	if (by != NULL && scope_field(by->text, &r->rule->roll.by) == -1)
		return RULE_FAIL(r, by,
		    tr("by is the field that names the account",
			"byにはIDのあるフィールドを書きます"));
	if (d == RULE_UNSEEN && !r->rule->coverage.on)
		return RULE_FAIL(r, map,
		    tr("unseen needs coverage: how many days, how complete",
			"unseenにはcoverage（日数と受信率）が必要です"));
	return 0;
}

static int
read_measure(struct rule_reader *r, const struct yaml_node *map)
{
	static const struct {
		const char *name;
		enum rule_measure measure;
	} known[] = {
		{ "hours", RULE_MEASURE_HOURS },
		{ "records", RULE_MEASURE_RECORDS },
		{ "sum", RULE_MEASURE_SUM },
		{ "values", RULE_MEASURE_VALUES },
	};
	struct rule_baseline *b = &r->rule->baseline;
	const struct yaml_node *of = yaml_get(map, "of");
	const struct yaml_node *field = yaml_get(map, "field");
	size_t i;
	bool wants;

	for (i = 0; of != NULL && i < sizeof(known) / sizeof(known[0]); i++)
		if (span_is(of->text, known[i].name))
			b->measure = known[i].measure;
	if (b->measure == RULE_MEASURE_NONE)
		return RULE_FAIL(r, of == NULL ? map : of,
		    tr("of is hours, records, sum or values",
			"ofはhours records sum valuesのいずれかです"));
	wants = b->measure == RULE_MEASURE_SUM ||
	    b->measure == RULE_MEASURE_VALUES;
	if (wants == (field != NULL) &&
	    (field == NULL || scope_field(field->text, &b->field) == 0))
		return 0;
	return RULE_FAIL(r, field == NULL ? map : field,
	    tr("sum and values have the field of what is summed or told apart",
		"sumとvaluesには、合計または区別するフィールドをfieldに"
		"書きます"));
}

static int
read_per(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *per = yaml_get(map, "per");
	const struct yaml_node *unused = yaml_get(map, "unused");
	struct rule_baseline *b = &r->rule->baseline;

	b->daily = per != NULL && span_is(per->text, "day");
	b->zero = unused != NULL && span_is(unused->text, "zero");
	if (unused != NULL && (!b->zero || !b->daily))
		return RULE_FAIL(r, unused,
		    tr("unused is zero, and belongs to per: day",
			"unusedはzeroで、per: dayで使えます"));
	if (per == NULL || b->daily || span_is(per->text, "hour"))
		return 0;
	return RULE_FAIL(r, per,
	    tr("per is hour or day", "perはhourかdayです"));
}

static int
read_baseline(struct rule_reader *r, const struct yaml_node *map)
{
	struct rule_baseline *b = &r->rule->baseline;
	double least;
	int rc;

	if (r->rule->detector != RULE_EVENTS)
		return RULE_FAIL(r, map,
		    tr("baseline belongs to detector: events",
			"baselineはdetector: eventsでだけ使えます"));
	if (rule_only(r, map,
		"of|field|per|unused|days|least|percent|prior|z|mad_floor|"
		"ratio|floor") == -1 ||
	    read_measure(r, map) == -1 || read_per(r, map) == -1 ||
	    read_days(r, map, &b->days) == -1 ||
	    read_number(r, map, "least", true, &least) == -1)
		return -1;
	b->least = (uint64_t)least;
	if (b->measure == RULE_MEASURE_HOURS)
		return read_number(r, map, "percent", true, &b->percent) == -1
		    ? -1
		    : read_number(r, map, "prior", true, &b->prior);
	rc = read_number(r, map, "z", false, &b->z);
	rc |= read_number(r, map, "mad_floor", b->z > 0, &b->mad_floor);
	rc |= read_number(r, map, "ratio", true, &b->ratio);
	rc |= read_number(r, map, "floor", true, &b->floor);
	return rc;
}

static int
read_share(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *share = yaml_get(map, "share");
	struct scope_reader s;

	if ((share != NULL) != (r->rule->detector == RULE_RATIO))
		return RULE_FAIL(r, share == NULL ? map : share,
		    tr("share belongs to detector: ratio, and it needs it",
			"shareはdetector: ratioに必要で、他では使えません"));
	if (share == NULL)
		return 0;
	r->rule->share = detection_parse_selection(share,
	    rule_reader_of(r, SCOPE_FACTS, &s));
	return r->rule->share == NULL ? -1 : 0;
}

static int
read_unsure(struct rule_reader *r, const struct yaml_node *unsure)
{
	struct scope_reader s;

	if (r->rule->detector != RULE_EVENTS)
		return RULE_FAIL(r, unsure,
		    tr("unsure belongs to detector: events",
			"unsureはdetector: eventsでだけ使えます"));
	r->rule->unsure = detection_parse_selection(unsure,
	    rule_reader_of(r, SCOPE_HISTORY, &s));
	return r->rule->unsure == NULL ? -1 : 0;
}

/* A field, or a fact that needs no history. */
static int
read_thing(struct rule_reader *r, const struct yaml_node *n, uint32_t *of)
{
	enum ecs field;
	enum fact fact;

	if (scope_field(n->text, &field) == 0)
		*of = field;
	else if (fact_parse(n->text, &fact) == 0 && !fact_needs_history(fact))
		*of = (uint32_t)ECS_COUNT + fact;
	else
		return RULE_FAIL(r, n,
		    tr("neither a field nor a fact without history",
			"フィールドでも、履歴の要らない事実でもありません"));
	return 0;
}

static int
read_new(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *of = yaml_get(map, "of"), *n;
	struct rule_novel *w = &r->rule->novel;
	double learn, least = 1;

	if (r->rule->detector != RULE_EVENTS)
		return RULE_FAIL(r, map,
		    tr("new belongs to detector: events",
			"newはdetector: eventsでだけ使えます"));
	if (rule_only(r, map, "of|days|learn|least") == -1)
		return -1;
	if (of == NULL || of->kind != YAML_SEQ || of->n == 0 ||
	    of->n > RULE_NOVEL)
		return RULE_FAIL(r, of == NULL ? map : of,
		    tr("of is a list of one to %d fields or facts",
			"ofはフィールドか事実の一覧（1～%d件）です"),
		    RULE_NOVEL);
	for (n = of->first; n != NULL; n = n->next)
		if (read_thing(r, n, &w->of[w->n++]) == -1)
			return -1;
	if (read_days(r, map, &w->days) == -1 ||
	    read_number(r, map, "learn", true, &learn) == -1 ||
	    (yaml_get(map, "least") != NULL &&
		read_number(r, map, "least", true, &least) == -1))
		return -1;
	if (least > FINDING_CITES)
		return RULE_FAIL(r, yaml_get(map, "least"),
		    tr("least is at most %d", "leastは%d以下です"),
		    FINDING_CITES);
	w->learn = (int64_t)learn;
	w->least = (uint64_t)least;
	return 0;
}

int
rule_read_ground(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *needs = yaml_get(map, "needs");
	const struct yaml_node *coverage = yaml_get(map, "coverage");
	const struct yaml_node *baseline = yaml_get(map, "baseline");
	const struct yaml_node *unsure = yaml_get(map, "unsure");
	enum rule_detector d = r->rule->detector;

	if ((needs != NULL || coverage != NULL) && d != RULE_EVENTS &&
	    d != RULE_LEDGER && d != RULE_UNSEEN && d != RULE_RATIO)
		return RULE_FAIL(r, map,
		    tr("needs and coverage belong to detector: events, ledger, "
		       "unseen and ratio",
			"needs coverageはdetector: events ledger unseen "
			"ratioでだけ使えます"));
	if (needs != NULL && read_needs(r, needs) == -1)
		return -1;
	if (coverage != NULL && read_coverage(r, coverage) == -1)
		return -1;
	if (unsure != NULL && read_unsure(r, unsure) == -1)
		return -1;
	if (read_roll(r, map) == -1 || read_share(r, map) == -1)
		return -1;
	if (yaml_get(map, "new") != NULL &&
	    read_new(r, yaml_get(map, "new")) == -1)
		return -1;
	return baseline == NULL ? 0 : read_baseline(r, baseline);
}
