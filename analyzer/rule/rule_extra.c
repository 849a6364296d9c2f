/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule_file.h"

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/sentence.h"
#include "common/log.h"
#include "common/utc.h"

#define KEYS                                                                   \
	"code|version|title|what|why|do|first|key|window|when|history|raise|"  \
	"cap|detector|kind|layers|unknown|absence|inhibited_by|examples|"      \
	"needs|coverage|each|after|by|baseline|share|unsure|new"

static const struct {
	const char *name;
	enum rule_detector detector;
} detectors[] = {
	{ "events", RULE_EVENTS },
	{ "outbound", RULE_OUTBOUND },
	{ "account-dormant", RULE_DORMANT },
	{ "account-unused", RULE_UNUSED },
	{ "account-expiring", RULE_EXPIRING },
	{ "sequence", RULE_SEQUENCE },
	{ "sequence-doubles", RULE_DOUBLES },
	{ "sequence-disorder", RULE_DISORDER },
	{ "limits", RULE_LIMITS },
	{ "ledger", RULE_LEDGER },
	{ "unseen", RULE_UNSEEN },
	{ "ratio", RULE_RATIO },
	{ "plan-unused", RULE_UNMET },
	{ "sender-silence", RULE_SILENCE },
	{ "sender-outage", RULE_OUTAGE },
	{ "sender-rate", RULE_RATE },
	{ "sender-clock", RULE_CLOCK },
	{ "beacon", RULE_BEACON },
};

static const struct {
	const char *name;
	enum rule_key key;
} key_names[] = {
	{ "user", RULE_KEY_USER },
	{ "device", RULE_KEY_DEVICE },
	{ "source", RULE_KEY_SOURCE },
	{ "host", RULE_KEY_HOST },
	{ "site", RULE_KEY_SITE },
};

static const char *const layer_names[] = { "isolated", "hour-of-week", "daily",
	"new-destination", "weekly", "drift", "sessions", "total" };

int
rule_only(struct rule_reader *r, const struct yaml_node *map, const char *keys)
{
	const struct yaml_node *n;

	if (map->kind != YAML_MAP)
		return RULE_FAIL(r, map,
		    tr("a map with the keys %s", "キー %s の対応表が必要です"),
		    keys);
	for (n = map->first; n != NULL; n = n->next)
		if (!sheet_is_one_of(n->key, keys))
			return RULE_FAIL(r, n,
			    tr("unknown key '%.*s'; allowed: %s",
				"キー「%.*s」はありません。使えるキー: %s"),
			    (int)n->key.len, (const char *)n->key.p, keys);
	return 0;
}

/* A template: every {name} in it must be known. */
static int
read_text(struct rule_reader *r, const struct yaml_node *map, const char *lang,
    const char **text)
{
	struct span bad;

	if (rule_need(r, map, lang, text) == -1)
		return -1;
	if (!sentence_check(span_str(*text), &bad))
		return RULE_FAIL(r, yaml_get(map, lang),
		    tr("'%.*s' stands for nothing; docs/rules.md lists the "
		       "names",
			"「%.*s」という変数はありません。docs/rules.md "
			"に一覧があります"),
		    (int)bad.len, (const char *)bad.p);
	return 0;
}

static int
read_texts(struct rule_reader *r, const struct yaml_node *map)
{
	static const char *const names[RULE_TEXTS] = { "what", "why", "do" };
	const struct yaml_node *n;
	size_t i;

	for (i = 0; i < RULE_TEXTS; i++) {
		if ((n = yaml_get(map, names[i])) == NULL)
			return RULE_FAIL(r, map,
			    tr("'%s' is missing", "「%s」がありません"),
			    names[i]);
		if (rule_only(r, n, "ja|en") == -1 ||
		    read_text(r, n, "ja", &r->rule->ja[i]) == -1 ||
		    read_text(r, n, "en", &r->rule->en[i]) == -1)
			return -1;
	}
	return 0;
}

/* Rules that may be unable to judge have, and need, a way to say so. */
static int
read_unknown(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *n = yaml_get(map, "unknown");
	enum rule_detector d = r->rule->detector;
	bool needed = d == RULE_DORMANT || d == RULE_UNUSED ||
	    d == RULE_UNSEEN || d == RULE_RATIO || r->rule->needs != 0 ||
	    r->rule->coverage.on || r->rule->unsure != NULL;

	if (needed != (n != NULL))
		return RULE_FAIL(r, n == NULL ? map : n,
		    tr("unknown belongs to rules with needs, coverage or "
		       "unsure and to "
		       "account-dormant, account-unused, unseen and ratio, "
		       "and they need it",
			"unknownはneeds coverage unsureのあるルールと、"
			"account-dormant account-unused unseen "
			"ratioに必要で、他では使えません"));
	if (!needed)
		return 0;
	return rule_only(r, n, "ja|en") == -1 ||
		read_text(r, n, "ja", &r->rule->unknown_ja) == -1 ||
		read_text(r, n, "en", &r->rule->unknown_en) == -1
	    ? -1
	    : 0;
}

static int
read_first(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *n = yaml_get(map, "first");

	if (n == NULL || n->kind != YAML_SCALAR ||
	    !sheet_is_one_of(n->text,
		"operator|planner|safety|vendor|executive|auditor"))
		return RULE_FAIL(r, n == NULL ? map : n,
		    tr("first is operator, planner, safety, vendor, executive "
		       "or auditor",
			"firstはoperator planner safety vendor executive "
			"auditorのいずれかです"));
	r->rule->first_to = arena_str(r->arena, n->text);
	return 0;
}

static int
read_key_names(struct rule_reader *r, const struct yaml_node *list,
    unsigned *keys)
{
	const struct yaml_node *n;
	size_t i;

	*keys = 0;
	if (list->kind != YAML_SEQ)
		return RULE_FAIL(r, list,
		    tr("a list of user, device, source, host, site",
			"user device source host siteの一覧で書きます"));
	for (n = list->first; n != NULL; n = n->next) {
		for (i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++)
			if (span_is(n->text, key_names[i].name))
				break;
		if (i == sizeof(key_names) / sizeof(key_names[0]))
			return RULE_FAIL(r, n,
			    tr("one of user, device, source, host, site",
				"user device source host siteのいずれかです"));
		*keys |= key_names[i].key;
	}
	if (*keys == 0)
		return RULE_FAIL(r, list,
		    tr("the list is empty", "一覧が空です"));
	return 0;
}

/* The name of a DURATION setting, so that thresholds stand in one place. */
static int
read_duration(struct rule_reader *r, const struct yaml_node *n, int64_t *usec)
{
	enum setting which;

	if (n->kind != YAML_SCALAR || setting_parse(n->text, &which) == -1)
		return RULE_FAIL(r, n,
		    tr("'%s' is the name of a setting, such as admin.followed; "
		       "there is none called '%.*s' (docs/rules.md)",
			"「%s」には admin.followed のような設定名が必要です。"
			"「%.*s」という設定はありません（docs/rules.md）"),
		    arena_str(r->arena, n->key),
		    n->kind == YAML_SCALAR ? (int)n->text.len : 0,
		    (const char *)n->text.p);
	*usec = settings_usec(r->settings, which);
	return 0;
}

static int
read_raise(struct rule_reader *r, const struct yaml_node *n,
    struct rule_raise *raise)
{
	struct scope_reader s;
	const struct yaml_node *when, *followed, *within, *same;

	if (rule_only(r, n, "when|followed|within|same|ja|en") == -1 ||
	    rule_need(r, n, "ja", &raise->ja) == -1 ||
	    rule_need(r, n, "en", &raise->en) == -1)
		return -1;
	when = yaml_get(n, "when");
	followed = yaml_get(n, "followed");
	within = yaml_get(n, "within");
	same = yaml_get(n, "same");
	if (when == NULL && followed == NULL)
		return RULE_FAIL(r, n,
		    tr("when or followed is needed",
			"when か followed が必要です"));
	if (when != NULL &&
	    (raise->when = detection_parse_selection(when,
		 rule_reader_of(r, SCOPE_HISTORY, &s))) == NULL)
		return -1;
	if (followed == NULL)
		return 0;
	if (within == NULL || same == NULL)
		return RULE_FAIL(r, n,
		    tr("followed needs within and same",
			"followedにはwithinとsameが必要です"));
	raise->followed = detection_parse_selection(followed,
	    rule_reader_of(r, SCOPE_FIELDS, &s));
	if (raise->followed == NULL ||
	    read_duration(r, within, &raise->within) == -1)
		return -1;
	return read_key_names(r, same, &raise->same);
}

static int
read_raises(struct rule_reader *r, const struct yaml_node *list)
{
	struct rule_raise **tail = &r->rule->raises;
	const struct yaml_node *n;

	if (list->kind != YAML_SEQ)
		return RULE_FAIL(r, list, tr("a list", "一覧で書きます"));
	for (n = list->first; n != NULL; n = n->next) {
		*tail = arena_alloc(r->arena, sizeof(**tail));
		if (read_raise(r, n, *tail) == -1)
			return -1;
		tail = &(*tail)->next;
	}
	return 0;
}

static int
read_layer(struct rule_reader *r, const struct yaml_node *n)
{
	const struct yaml_node *level;
	struct rule_layer *layer;
	size_t i;

	for (i = 0; i < RULE_LAYERS; i++)
		if (span_is(n->key, layer_names[i]))
			break;
	if (i == RULE_LAYERS)
		return RULE_FAIL(r, n,
		    tr("layers are isolated, hour-of-week, daily, "
		       "new-destination, weekly, drift, sessions and total",
			"layersはisolated hour-of-week daily "
			"new-destination weekly drift sessions totalです"));
	layer = &r->rule->layers[i];
	layer->on = true;
	if (rule_only(r, n, "code|ja|en|level") == -1 ||
	    rule_need(r, n, "code", &layer->code) == -1 ||
	    rule_need(r, n, "ja", &layer->title_ja) == -1 ||
	    rule_need(r, n, "en", &layer->title_en) == -1)
		return -1;
	level = yaml_get(n, "level");
	if (level == NULL ||
	    finding_severity_parse(level->text, &layer->level) == -1)
		return RULE_FAIL(r, level == NULL ? n : level,
		    tr("level is informational, low, medium, high or critical",
			"levelはinformational low medium high "
			"criticalのいずれかです"));
	return 0;
}

/* A finding of weeks and one of hours could have one id. */
static int
check_layers(struct rule_reader *r, const struct yaml_node *layers)
{
	bool slow = false, quick = false;
	size_t i;

	for (i = 0; i < RULE_LAYERS; i++) {
		if (!r->rule->layers[i].on)
			continue;
		if (i == RULE_LAYER_WEEK || i == RULE_LAYER_DRIFT)
			slow = true;
		else
			quick = true;
	}
	if (slow && quick)
		return RULE_FAIL(r, layers,
		    tr("weekly and drift stand in a rule without other layers",
			"weeklyとdriftは他のlayersと別のルールに書きます"));
	return 0;
}

static int
no_detector(struct rule_reader *r, const struct yaml_node *n)
{
	const char *names = "";
	size_t i;

	for (i = 0; i < sizeof(detectors) / sizeof(detectors[0]); i++)
		names = arena_printf(r->arena, "%s%s%s", names,
		    i > 0 ? " " : "", detectors[i].name);
	return RULE_FAIL(r, n,
	    tr("detector is one of: %s", "detectorは次のいずれかです: %s"),
	    names);
}

static int
read_detector(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *n = yaml_get(map, "detector");
	const struct yaml_node *layers = yaml_get(map, "layers");
	size_t i = 0;

	if (n != NULL) {
		for (; i < sizeof(detectors) / sizeof(detectors[0]); i++)
			if (span_is(n->text, detectors[i].name))
				break;
		if (i == sizeof(detectors) / sizeof(detectors[0]))
			return no_detector(r, n);
	}
	r->rule->detector = detectors[i].detector;
	if ((layers != NULL) != (r->rule->detector == RULE_OUTBOUND))
		return RULE_FAIL(r, layers == NULL ? map : layers,
		    tr("layers belong to detector: outbound, and it needs them",
			"layersはdetector: "
			"outboundに必要で、他では使えません"));
	if (layers != NULL && layers->kind != YAML_MAP)
		return RULE_FAIL(r, layers, tr("a map", "対応表で書きます"));
	for (n = layers == NULL ? NULL : layers->first; n != NULL; n = n->next)
		if (read_layer(r, n) == -1)
			return -1;
	return layers == NULL ? 0 : check_layers(r, layers);
}

static int
read_kind(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *kind = yaml_get(map, "kind");
	const struct yaml_node *cap = yaml_get(map, "cap");

	if (kind != NULL && span_is(kind->text, "sheet"))
		r->rule->kind = FINDING_SHEET;
	else if (kind != NULL && !span_is(kind->text, "alert"))
		return RULE_FAIL(r, kind,
		    tr("kind is alert or sheet", "kindはalertかsheetです"));
	if (cap != NULL &&
	    finding_severity_parse(cap->text, &r->rule->cap) == -1)
		return RULE_FAIL(r, cap,
		    tr("cap is a level", "capはlevelの値です"));
	return 0;
}

/* Codes of rules, as "CFG-02", or how they begin, as "CFG-*". */
static int
read_inhibitors(struct rule_reader *r, const struct yaml_node *list)
{
	const struct yaml_node *n;

	if (list == NULL)
		return 0;
	if (list->kind != YAML_SEQ || list->n > FINDING_INHIBITORS)
		return RULE_FAIL(r, list,
		    tr("a list of at most %d codes of rules",
			"ルール番号の一覧で書きます（%d件まで）"),
		    FINDING_INHIBITORS);
	for (n = list->first; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR || n->text.len == 0 ||
		    span_is(n->text, "*") ||
		    span_is(n->text, r->rule->code))
			return RULE_FAIL(r, n,
			    tr("the code of another rule, as CFG-02 or CFG-*",
				"CFG-02 や CFG-* "
				"のような、ほかのルールの番号です"));
		r->rule->inhibited_by[r->rule->n_inhibited_by++] =
		    arena_str(r->arena, n->text);
	}
	r->rule->inhibitors = list->first;
	return 0;
}

static int
read_conditions(struct rule_reader *r, const struct yaml_node *map)
{
	bool rows = r->rule->roll.each != RULE_ROWS_NONE;
	const struct yaml_node *n;
	struct scope_reader s;

	if ((n = yaml_get(map, "when")) != NULL &&
	    (r->rule->when = detection_parse(n,
		 rule_reader_of(r, rows ? SCOPE_ROWS : SCOPE_FACTS, &s))) ==
		NULL)
		return -1;
	if ((n = yaml_get(map, "history")) != NULL &&
	    (r->rule->history = detection_parse(n,
		 rule_reader_of(r, SCOPE_HISTORY, &s))) == NULL)
		return -1;
	if ((n = yaml_get(map, "raise")) != NULL)
		return read_raises(r, n);
	return 0;
}

/* Which of these keys a detector looks at, beside events. */
static bool
has_when(enum rule_detector d)
{
	return d == RULE_LEDGER || d == RULE_UNSEEN || d == RULE_RATIO ||
	    d == RULE_BEACON;
}

/* What says which events make one finding; only events need it. */
static int
read_window(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *key = yaml_get(map, "key");
	const struct yaml_node *window = yaml_get(map, "window");
	enum rule_detector d = r->rule->detector;

	if (d != RULE_EVENTS &&
	    ((key != NULL && d != RULE_RATIO) || window != NULL ||
		(r->rule->when != NULL && !has_when(d)) ||
		r->rule->history != NULL || r->rule->raises != NULL))
		return RULE_FAIL(r, map,
		    tr("key, window, when, history and raise belong to "
		       "detector: events; of the others, ledger, unseen, "
		       "ratio and beacon have when, and ratio has key",
			"key window when history raiseはdetector: "
			"eventsでだけ使えます（whenはledger unseen "
			"ratio beaconでも、keyはratioでも使えます）"));
	if (d != RULE_EVENTS && d != RULE_RATIO)
		return 0;
	r->rule->window = settings_usec(r->settings, SETTING_EVENT_WINDOW);
	if (window != NULL && read_duration(r, window, &r->rule->window) == -1)
		return -1;
	if (key == NULL)
		return RULE_FAIL(r, map,
		    tr("'%s' is missing", "「%s」がありません"), "key");
	return read_key_names(r, key, &r->rule->keys);
}

int
rule_extra(struct rule_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *title = yaml_get(map, "title");
	const struct yaml_node *examples = yaml_get(map, "examples");

	if (rule_only(r, map, KEYS) == -1 ||
	    rule_need(r, map, "code", &r->rule->code) == -1 ||
	    rule_need(r, map, "version", &r->rule->version) == -1)
		return -1;
	r->rule->at_code = yaml_get(map, "code");
	if (title == NULL || title->kind != YAML_SCALAR)
		return RULE_FAIL(r, title == NULL ? map : title,
		    tr("'%s' is missing", "「%s」がありません"), "title");
	r->rule->title_ja = arena_str(r->arena, title->text);
	if (read_texts(r, map) == -1 || read_first(r, map) == -1 ||
	    read_detector(r, map) == -1 || rule_read_ground(r, map) == -1 ||
	    read_unknown(r, map) == -1 ||
	    read_kind(r, map) == -1 || read_conditions(r, map) == -1 ||
	    read_window(r, map) == -1 ||
	    read_inhibitors(r, yaml_get(map, "inhibited_by")) == -1)
		return -1;
	if (examples == NULL || examples->kind != YAML_SEQ ||
	    examples->first == NULL)
		return RULE_FAIL(r, examples == NULL ? map : examples,
		    tr("a rule needs examples that must and must not match",
			"一致する例と一致しない例が必要です（examples）"));
	r->rule->examples = examples;
	return 0;
}
