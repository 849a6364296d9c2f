/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/draft.h"

#include <stdio.h>
#include <string.h>

#include "common/yaml.h"
#include "tests/tap.h"

/* Lines, and what the draft must say; "!": must not. */
static const struct {
	const char *name, *lines[4], *other, *says[8];
} rows[] = {
	{ "pairs",
	    { "<14>Nov 20 14:03:05 g dev=G date=2026-11-20 time=14:03:05 "
	      "act=deny srcip=10.0.0.5 spt=99 dstip=10.0.0.6 zz=1" },
	    NULL,
	    { "header: host\n", "  - keyvalue: {}\n",
		"  - {from: [date, time], as: \"%Y-%m-%d %H:%M:%S\"}\n",
		"  srcip: {to: source.ip, or: source.address}\n",
		"  spt: source.port\n",
		"  - when: {act: deny}\n    set: {konseki.kind: "
		"traffic-denied}\n",
		"#   zz: 1\n" } },
	{ "pairs with another separator",
	    { "a=1, user=x, bb=3", "a=2, user=y z, bb=4" }, NULL,
	    { "keyvalue: {separator: \", \"}", "  user: user.name\n" } },
	{ "values that do not fit their name",
	    { "srcmac=nobody spt=70000 proto=a/b user=x" }, NULL,
	    { "!source.mac", "!source.port", "!network.", "#   srcmac: nobody",
		"  user: user.name\n" } },
	{ "the first of two names for one field",
	    { "src=10.0.0.1 srcip=10.0.0.2 x=3" }, NULL,
	    { "  src: {to: source.ip", "#   srcip: 10.0.0.2" } },
	{ "words that no other format has", { "date=1 user=x zzkey=3" },
	    "date=2 user=y", { "detect: {all: ['zzkey='", "#   date: 1" } },
	{ "CEF",
	    { "CEF:0|Example|Gate|1|100|Login failed|5|src=10.0.0.1 "
	      "suser=x" },
	    NULL,
	    { "cef: {}", "all: ['|Example|Gate|']", "cef.id: event.code",
		"konseki.kind: login, event.outcome: failure" } },
	{ "JSON",
	    { "{\"ts\":\"2026-11-20T14:03:05Z\",\"user\":{\"name\":\"x\"},"
	      "\"q\":1}" },
	    NULL,
	    { "json: {}", "  user.name: user.name\n",
		"{from: ts, as: \"%Y-%m-%dT%H:%M:%S%z\"}" } },
	{ "cells",
	    { "2026/11/20 14:03:05,EX,10.0.0.1,7",
		"2026/11/20 14:03:06,EX,10.0.0.2,8" },
	    NULL,
	    { "columns: [column1, column2, column3, column4]", "all: [',EX,']",
		"#   column3: 10.0.0.1, 10.0.0.2\n", "!source.ip" } },
	{ "a table",
	    { "日時,ユーザー,操作,結果",
		"2026/11/20 14:03:05,x,ログイン,失敗" },
	    NULL,
	    { "column2: ユーザー\n", "column2: user.name",
		"outcome: {失敗: failure}",
		"!detect:", "when: {column3: ログイン}" } },
	{ "words",
	    { "<14>Nov 20 14:03:05 g appd[1]: login failed for user tanaka "
	      "from 10.0.0.5 port 22",
		"<14>Nov 20 14:03:05 g appd[1]: login failed for user suzuki "
		"from 10.0.0.6 port 23" },
	    NULL,
	    { "detect: {app: appd}\n", "user\\s+(?<user>",
		"from\\s+(?<src_ip>[0-9A-Fa-f:.]+)\\s+port\\s+(?<src_port>\\d+"
		")'\n    set: {konseki.kind: login, event.outcome: failure}\n",
		"  src_ip: source.ip\n" } },
	{ "an arrow",
	    { "<14>Nov 20 14:03:05 g appd: deny tcp 10.0.0.1:1 -> 10.0.0.2:2" },
	    NULL,
	    { "(?<transport>", "(?<src_ip>", "(?<dst_ip>", "(?<dst_port>",
		"traffic-denied" } },
	{ "an address that nothing tells",
	    { "<14>Nov 20 14:03:05 g appd: peer table 10.0.0.1 full" }, NULL,
	    { "!source.ip",
		"#   v1, behind table: 10.0.0.1 (sample line 1)" } },
	{ "some lines have keys, and some have not",
	    { "<14>Nov 20 14:03:05 g boxd: #A1 session close who=t@n "
	      "from=10.0.0.1:1 to=10.0.0.2:2 zone=LAN",
		"<14>Nov 20 14:03:05 g boxd: #B1 remote login NG who=root "
		"from=10.0.0.1",
		"<14>Nov 20 14:03:05 g boxd: #B1 remote login NG who=tom "
		"from=10.0.0.3",
		"<14>Nov 20 14:03:05 g boxd: #C1 admin root changed \"x\"" },
	    NULL,
	    { "  - keyvalue: {}\n    optional: yes\n",
		"session\\s+close\\s'\n    set: {konseki.kind: traffic}",
		"remote\\s+login\\s+NG\\s'\n    set: {konseki.kind: "
		"vpn-login, event.outcome: failure}",
		"admin\\s+(?<user>[^",
		"changed\\s+\"(?<v1>[^\"]*)\"'\n    set: {konseki.kind: "
		"config-change}",
		"  code: event.code\n", "  who: user.name\n", "!zone=LAN" } },
	{ "no name of the sample behind a = is a literal",
	    { "<14>Nov 20 14:03:05 g boxd: who=tanaka did something long here",
		"<14>Nov 20 14:03:05 g boxd: full" },
	    NULL, { "!who=tanaka", "who=(?<" } },
	{ "nor is it by what lines are recognised",
	    { "#A1 session close zone=LAN>WAN who=t@n from=10.0.0.1",
		"#C1 admin root changed \"x\"" },
	    NULL,
	    { "  - pattern: '^#[^", "\\s+session\\s+close\\s+'\n",
		"!zone=LAN" } },
	{ "addresses with ports",
	    { "src=10.0.0.1:99 dst=[2001:db8::1]:443 a=1",
		"src=2001:db8::5.99 dst=10.0.0.3 a=2" },
	    NULL,
	    { "  - from: src\n    optional: yes\n    pattern:\n",
		"  src_ip: {to: source.ip", "  src_port: source.port\n",
		"  dst_ip: {to: destination.ip",
		"  dst_port: destination.port\n" } },
	{ "12 digits of an address and a port are no MAC",
	    { "<14>Nov 20 14:03:05 g appd: from 10.20.30.40:8443 opened" },
	    NULL, { "(?<src_ip>", "(?<src_port>", "!source.mac" } },
	{ "a method that is none of HTTP",
	    { "user=x method=cert+otp b=1", "user=y method=cert+otp b=1" },
	    NULL, { "!http.", "#   method: cert+otp" } },
	{ "a method of HTTP", { "user=x method=GET b=1" }, NULL,
	    { "  method: http.request.method\n" } },
	{ "an administrator",
	    { "<14>Nov 20 14:03:05 g appd: admin login ok, 7" }, NULL,
	    { "konseki.kind: admin-login, event.outcome: success" } },
	{ "a user of that name is none",
	    { "<14>Nov 20 14:03:05 g appd: user admin login ok, 7" }, NULL,
	    { "konseki.kind: login, event.outcome: success" } },
	{ "Japanese words",
	    { "<14>Nov 20 14:03:05 g appd: VPN ログイン 失敗 7",
		"<14>Nov 20 14:03:05 g appd: 管理者ログアウト 7",
		"<14>Nov 20 14:03:05 g appd: 拒否 10.0.0.1 -> 10.0.0.2",
		"<14>Nov 20 14:03:05 g appd: 設定変更 7" },
	    NULL,
	    { "konseki.kind: vpn-login, event.outcome: failure",
		"konseki.kind: admin-logout}", "konseki.kind: traffic-denied}",
		"konseki.kind: config-change}" } },
};

static size_t
count(const char *const *list, size_t max)
{
	size_t n = 0;

	while (n < max && list[n] != NULL)
		n++;
	return n;
}

static void
test_rows(void)
{
	struct draft_result result;
	struct span line[4], other;
	struct arena *a = arena_new();
	struct buf out;
	size_t i, k, bad;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct draft_sample s = { .name = "t", .line = line };

		s.n = count(rows[i].lines, 4);
		for (k = 0; k < s.n; k++)
			line[k] = span_str(rows[i].lines[k]);
		other = span_str(rows[i].other);
		s.other = &other;
		s.nother = rows[i].other != NULL;
		buf_init(&out);
		bad = draft_make(&s, a, &out, &result) != 0 ||
		    result.nexample == 0;
		for (k = 0; k < count(rows[i].says, 8); k++) {
			const char *say = rows[i].says[k];
			bool not = *say == '!';
			const char *at = strstr(buf_cstr(&out), say + not );

			if ((at != NULL) != not )
				continue;
			bad++;
			printf("# %s\n", say);
		}
		ok(bad == 0, "%s", rows[i].name);
		if (bad > 0)
			printf("%s", buf_cstr(&out));
		buf_fini(&out);
	}
	arena_free(a);
}

/* What is quoted reads as what it was. */
static void
test_quote(void)
{
	static const char *const texts[] = { "plain", "a.b-c", "yes", "NO", "~",
		"null", "1", "0x10", "10.0.0.1", "-", "it's", "a: b", "#x",
		"[a]", "{b}", "\"q\"", "tab\there", "\x01\x1f", "病院", "'",
		"''", "&a", "*a", "!t", "%", "@", "a #b", " a ", "|", ">", "\\",
		"?", "a,b" };
	struct arena *a = arena_new();
	const struct yaml_node *n, *v;
	struct yaml_error err;
	struct buf out;
	size_t i, bad = 0;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_init(&out);
		buf_str(&out, "{k: ");
		draft_quote(span_str(texts[i]), &out);
		buf_str(&out, ", ");
		draft_quote(span_str(texts[i]), &out);
		buf_str(&out, ": v}\n");
		n = yaml_parse(buf_view(&out), "t", a, &err);
		v = n == NULL ? NULL : yaml_get(n, "k");
		if (v == NULL || !span_is(v->text, texts[i]) ||
		    yaml_get(n, texts[i]) == NULL) {
			bad++;
			printf("# %s", buf_cstr(&out));
		}
		buf_fini(&out);
	}
	ok(bad == 0, "what is quoted reads as what it was");
	arena_free(a);
}

int
main(void)
{
	test_rows();
	test_quote();
	return done();
}
