/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/num.h"
#include "common/period.h"
#include "common/utc.h"
#include "site/conf.h"
#include "site/site.h"
#include "site/target.h"

/*
 * Each type is one function from a text to a value; -1 says that the text is
 * none of its kind, and conf_value_set() says so to the user.
 */
static int
set_text(struct conf *c, const struct conf_row *row, struct span s, char **out)
{
	size_t i;

	if (s.len < row->min || s.len > row->max)
		return -1;
	for (i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return -1;
	*out = arena_str(c->arena, s);
	return 0;
}

static int
set_letters(struct conf *c, const struct conf_row *row, struct span s,
    const char *others, char **out)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    (s.p[i] == 0 || strchr(others, s.p[i]) == NULL))
			return -1;
	return set_text(c, row, s, out);
}

static int
set_path(struct conf *c, const struct conf_row *row, struct span s, char **out)
{
	if (set_text(c, row, s, out) != 0)
		return -1;
	if (s.len > 0 && **out != '/')
		*out = arena_printf(c->arena, "%s/%s", c->dir, *out);
	return 0;
}

static int
set_address(struct conf *c, struct span s, char **out)
{
	struct in6_addr a;
	char text[INET6_ADDRSTRLEN];
	int family = AF_INET;

	if (s.len >= sizeof(text) || memchr(s.p, 0, s.len) != NULL)
		return -1;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	if (inet_pton(family, text, &a) != 1) {
		family = AF_INET6;
		if (inet_pton(family, text, &a) != 1)
			return -1;
	}
	/* One way to write it, so that two can be compared. */
	if (inet_ntop(family, &a, text, sizeof(text)) == NULL)
		return -1;
	*out = arena_printf(c->arena, "%s", text);
	return 0;
}

/* An address of one of two schemes. */
static int
set_url(struct conf *c, const struct conf_row *row, struct span s,
    struct span scheme, struct span other, char **out)
{
	size_t i;

	if (s.len > 0 && !span_starts(s, scheme) && !span_starts(s, other))
		return -1;
	for (i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '@')
			return -1; /* a password has a file of its own */
	return set_text(c, row, s, out);
}

static int
set_choice(const struct conf_row *row, struct span s, unsigned *out)
{
	const char *p = row->choices;
	unsigned value;
	size_t len, name;

	for (value = 0;; value++) {
		len = strcspn(p, "|");
		name = strcspn(p, "=|");
		if (name < len)
			value = (unsigned)(p[name + 1] - '0');
		if (span_eq(s, span_make(p, name))) {
			*out = value;
			return 0;
		}
		if (p[len] == '\0')
			return -1;
		p += len + 1;
	}
}

static int
set_uint(const struct conf_row *row, struct span s, unsigned *out)
{
	uint64_t n;

	if (num_parse(s, row->max, &n) != 0 || n < row->min)
		return -1;
	*out = (unsigned)n;
	return 0;
}

/* "10.0.0.0/8": bits beyond the length must be zero, as they mean nothing. */
static int
set_net(struct span s, struct site_net *net)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *slash = s.len == 0 ? NULL : memchr(s.p, '/', s.len);
	size_t alen = slash == NULL ? s.len : (size_t)(slash - s.p), i;
	char text[INET6_ADDRSTRLEN];
	uint64_t bits, max;

	if (alen >= sizeof(text) || (alen > 0 && memchr(s.p, 0, alen) != NULL))
		return -1;
	if (alen > 0)
		memcpy(text, s.p, alen);
	text[alen] = '\0';
	if (inet_pton(AF_INET, text, net->addr + 12) == 1) {
		memcpy(net->addr, mapped, sizeof(mapped));
		max = 32;
	} else if (inet_pton(AF_INET6, text, net->addr) == 1)
		max = 128;
	else
		return -1;
	bits = max;
	if (slash != NULL &&
	    num_parse_canonical(span_sub(s, alen + 1, s.len), max, &bits) != 0)
		return -1;
	net->bits = (unsigned)(bits + 128 - max);
	for (i = net->bits; i < 128; i++)
		if (net->addr[i / 8] & (0x80 >> i % 8))
			return -1;
	return 0;
}

static int
set_scalar(struct conf *c, const struct conf_row *row,
    const struct yaml_node *node, void *to)
{
	struct span s = node->text;
	struct target target;
	bool datagram;

	switch (row->type) {
	case CONF_TYPE_TEXT:
		return set_text(c, row, s, to);
	case CONF_TYPE_NAME:
		return set_letters(c, row, s, "-", to);
	case CONF_TYPE_ORIGIN:
		return set_letters(c, row, s, "./-", to);
	case CONF_TYPE_PATH:
		return set_path(c, row, s, to);
	case CONF_TYPE_ADDRESS:
		return set_address(c, s, to);
	case CONF_TYPE_ZONE:
		return utc_parse_zone(s, to);
	case CONF_TYPE_PERIOD:
		return period_parse(s, to);
	case CONF_TYPE_MAILURL:
		return set_url(c, row, s, SPAN("smtp://"), SPAN("smtps://"),
		    to);
	case CONF_TYPE_WEBURL:
		return set_url(c, row, s, SPAN("http://"), SPAN("https://"),
		    to);
	case CONF_TYPE_TARGET:
		return target_parse(s, &target) == 0 ? set_text(c, row, s, to)
						     : -1;
	case CONF_TYPE_ALARM:
		return s.len == 0 ||
			target_parse_alarm(s, &target, &datagram) == 0
		    ? set_text(c, row, s, to)
		    : -1;
	case CONF_TYPE_BOOL:
		return yaml_bool(node, to);
	case CONF_TYPE_UINT:
		return set_uint(row, s, to);
	case CONF_TYPE_CHOICE:
		return set_choice(row, s, to);
	case CONF_TYPE_STRINGS:
	case CONF_TYPE_NETS:
	case CONF_TYPE_SECTION:
	case CONF_TYPE_LOGS:
	case CONF_TYPE_LISTENERS:
	case CONF_TYPE_SOURCES:
	case CONF_TYPE_WATCHES:
	case CONF_TYPE_WITNESSES:
	case CONF_TYPE_TSAS:
	case CONF_TYPE_FORWARDS:
		break;
	}
	return -1;
}

static int
fail(struct conf *c, const struct conf_row *row, const struct yaml_node *node)
{
	struct buf what;

	buf_init(&what);
	conf_print_limit(row, &what);
	yaml_fail(c->err, c->file, node,
	    tr("'%s' needs %s", "「%s」に書けるのは%sです"), row->key,
	    buf_cstr(&what));
	buf_fini(&what);
	return -1;
}

/* An item of a list: a text, or a block of addresses. */
static int
set_item(struct conf *c, const struct conf_row *row, struct span s, size_t i,
    void *to)
{
	struct conf_row item = *row;
	struct site_strings *strings = to;
	struct site_nets *nets = to;
	char *text = NULL;

	item.min = 1;
	item.max = 1024;
	if (row->type == CONF_TYPE_NETS)
		return set_net(s, &nets->v[i]);
	if (set_text(c, &item, s, &text) != 0)
		return -1;
	strings->v[i] = text;
	return 0;
}

static void
list_new(struct conf *c, const struct conf_row *row, size_t n, void *to)
{
	struct site_strings *strings = to;
	struct site_nets *nets = to;

	if (row->type == CONF_TYPE_NETS) {
		nets->v = arena_alloc(c->arena, n * sizeof(*nets->v));
		nets->n = n;
	} else {
		strings->v = arena_alloc(c->arena, n * sizeof(*strings->v));
		strings->n = n;
	}
}

static int
set_list(struct conf *c, const struct conf_row *row,
    const struct yaml_node *node, void *to)
{
	const struct yaml_node *n;
	size_t i = 0;

	if (node->kind != YAML_SEQ || node->n < row->min || node->n > row->max)
		return fail(c, row, node);
	list_new(c, row, node->n, to);
	for (n = node->first; n != NULL; n = n->next)
		if (n->kind != YAML_SCALAR ||
		    set_item(c, row, n->text, i++, to) != 0)
			return fail(c, row, n);
	return 0;
}

/* The default of a list is its items with blanks between them. */
static void
set_list_default(struct conf *c, const struct conf_row *row, void *to)
{
	const char *p;
	size_t n = 0, i;

	for (p = row->def; *p != '\0'; p += strcspn(p, " "))
		p += strspn(p, " "), n++;
	list_new(c, row, n, to);
	for (p = row->def, i = 0; i < n; i++) {
		p += strspn(p, " ");
		if (set_item(c, row, span_make(p, strcspn(p, " ")), i, to) != 0)
			abort(); /* the table is wrong: the unit test sees it */
		p += strcspn(p, " ");
	}
}

int
conf_value_set(struct conf *c, const struct conf_row *row,
    const struct yaml_node *node, void *base)
{
	bool list =
	    row->type == CONF_TYPE_STRINGS || row->type == CONF_TYPE_NETS;
	struct yaml_node def = { .kind = YAML_SCALAR, .plain = true };
	struct conf_row any = *row;
	char *to = (char *)base + row->offset;

	if (node != NULL && list)
		return set_list(c, row, node, to);
	if (node != NULL) {
		if (node->kind != YAML_SCALAR ||
		    set_scalar(c, row, node, to) != 0)
			return fail(c, row, node);
		return 0;
	}
	if (list) {
		set_list_default(c, row, to);
		return 0;
	}
	any.min = 0;
	def.text = span_str(row->def);
	if (set_scalar(c, &any, &def, to) != 0)
		abort(); /* the table is wrong: the unit test sees it */
	return 0;
}

static void
print_choices(const char *p, struct buf *out)
{
	size_t len;

	for (;; p += len + 1) {
		len = strcspn(p, "|");
		buf_append(out, p, strcspn(p, "=|"));
		if (p[len] == '\0')
			return;
		buf_str(out, ", ");
	}
}

static const char *const words[][2] = {
	[CONF_TYPE_TEXT] = { "text", "文字列" },
	[CONF_TYPE_NAME] = { "a-z, 0-9 and -", "英小文字・数字・-" },
	[CONF_TYPE_ORIGIN] = { "a-z, 0-9, '.', / and -",
	    "英小文字・数字・「.」・/・-" },
	[CONF_TYPE_PATH] = { "a path", "パス" },
	[CONF_TYPE_ADDRESS] = { "an IPv4 or IPv6 address",
	    "IPv4またはIPv6のアドレス" },
	[CONF_TYPE_ZONE] = { "an offset like +09:00",
	    "+09:00のような時差" },
	[CONF_TYPE_PERIOD] = { "a number of days like 1095d, at least "
			       "30d, "
			       "of years like 5y, or forever",
	    "1095d（日数。30d以上）、5y（年数）またはforever（無期限"
	    "）" },
	[CONF_TYPE_MAILURL] = { "smtp://host:port or smtps://host:port",
	    "smtp://ホスト:ポートまたはsmtps://ホスト:ポート" },
	[CONF_TYPE_WEBURL] = { "http://... or https://...",
	    "http://...またはhttps://..." },
	[CONF_TYPE_BOOL] = { "yes or no", "yesまたはno" },
	[CONF_TYPE_UINT] = { "a number", "数" },
	[CONF_TYPE_CHOICE] = { "one of", "次のいずれか:" },
	[CONF_TYPE_STRINGS] = { "a list of texts", "文字列の一覧" },
	[CONF_TYPE_NETS] = { "a list of blocks like 10.0.0.0/8",
	    "10.0.0.0/8のようなアドレス帯の一覧" },
	[CONF_TYPE_SECTION] = { "a map of keys", "キーの一覧" },
	[CONF_TYPE_LOGS] = { "a map of logs", "ログの一覧" },
	[CONF_TYPE_LISTENERS] = { "a list of listeners",
	    "受信口の一覧" },
	[CONF_TYPE_SOURCES] = { "a list of senders", "送信元の一覧" },
	[CONF_TYPE_WATCHES] = { "a list of files", "ファイルの一覧" },
	[CONF_TYPE_WITNESSES] = { "a list of witnesses", "証人の一覧" },
	[CONF_TYPE_TSAS] = { "a list of authorities",
	    "タイムスタンプ局の一覧" },
	[CONF_TYPE_TARGET] = { "relp://host:port, "
			       "relp+tls://host:port, "
			       "syslog+tls://host:port or "
			       "syslog+tcp://host:port",
	    "relp://ホスト:ポート、relp+tls://、syslog+tls://または"
	    "syslog+tcp://" },
	[CONF_TYPE_ALARM] = { "syslog+udp://host:port, "
			      "syslog+tcp://host:port or "
			      "syslog+tls://host:port",
	    "syslog+udp://ホスト:ポート、syslog+tcp://または"
	    "syslog+tls://" },
	[CONF_TYPE_FORWARDS] = { "a list of targets", "転送先の一覧" },
};

void
conf_print_limit(const struct conf_row *row, struct buf *out)
{
	buf_str(out, tr(words[row->type][0], words[row->type][1]));
	if (row->type == CONF_TYPE_CHOICE) {
		buf_byte(out, ' ');
		print_choices(row->choices, out);
	} else if (row->type == CONF_TYPE_UINT)
		buf_printf(out, tr(" from %u to %u", "（%uから%uまで）"),
		    row->min, row->max);
	else if (row->type == CONF_TYPE_TEXT || row->type == CONF_TYPE_NAME ||
	    row->type == CONF_TYPE_ORIGIN || row->type == CONF_TYPE_PATH)
		buf_printf(out,
		    tr(" of %u to %u bytes", "（%uから%uバイトまで）"),
		    row->min, row->max);
	else if (row->type == CONF_TYPE_STRINGS || row->type == CONF_TYPE_NETS)
		buf_printf(out, tr(", %u to %u items", "（%uから%u項目まで）"),
		    row->min, row->max);
}
