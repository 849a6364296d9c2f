/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/format/formats.h"
#include "tests/tap.h"

/*
 * Lines in every encoding that devices send, cut by every kind of step.  The
 * names in them are chosen for their second bytes: in CP932 those of 表 ポ ゾ
 * ゼ ボ マ are \ | ] [ { }, in ISO-2022-JP those of 亜 唖 are ! and a quotation
 * mark, and 渥 has a comma.  The C library's iconv makes the lines.
 */
static const char *const files[][2] = {
	{ "kv",
	    "format: kv\ntitle: x\nreference: x\nheader: syslog\n"
	    "detect: {contains: [dev=KV]}\nparse:\n  - keyvalue: {}\n"
	    "fields: {user: user.name, dept: user.group.name, "
	    "path: file.path, src: source.ip}\n"
	    "examples:\n  - {raw: x, unknown: yes}\n" },
	{ "bar",
	    "format: bar\ntitle: x\nreference: x\nheader: syslog\n"
	    "detect: {starts: [\"BAR|\"]}\nparse:\n"
	    "  - csv: {separator: \"|\", layouts: [{columns: [_, user, dept, "
	    "path, src]}]}\n"
	    "fields: {user: user.name, dept: user.group.name, "
	    "path: file.path, src: source.ip}\n"
	    "examples:\n  - {raw: x, unknown: yes}\n" },
	{ "comma",
	    "format: comma\ntitle: x\nreference: x\nheader: syslog\n"
	    "detect: {starts: [\"CSV,\"]}\nparse:\n"
	    "  - csv: {layouts: [{columns: [_, user, dept, path, src]}]}\n"
	    "fields: {user: user.name, dept: user.group.name, "
	    "path: file.path, src: source.ip}\n"
	    "examples:\n  - {raw: x, unknown: yes}\n" },
	{ "pattern",
	    "format: pattern\ntitle: x\nreference: x\nheader: syslog\n"
	    "detect: {contains: [\"logon of [\"]}\nparse:\n"
	    "  - pattern: '^logon of \\[(?<user>[^\\]]+)\\] of "
	    "(?<dept>[^|]+)\\|(?<path>[^\"]+)\" from (?<src>\\S+)$'\n"
	    "fields: {user: user.name, dept: user.group.name, "
	    "path: file.path, src: source.ip}\n"
	    "examples:\n  - {raw: x, unknown: yes}\n" },
	{ "cef",
	    "format: cef\ntitle: x\nreference: x\nheader: syslog\n"
	    "detect: {contains: [\"CEF:0|Example|\"]}\nparse:\n"
	    "  - cef: {}\n"
	    "fields: {suser: user.name, cef.name: user.group.name, "
	    "filePath: file.path, src: source.ip}\n"
	    "examples:\n  - {raw: x, unknown: yes}\n" },
};

static const struct {
	const char *name, *line, *user, *dept, *path;
} lines[] = {
	{ "key=value",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"表能 ソ\" "
	    "dept=ポゾゼ path=\"亜唖渥\" src=192.0.2.7",
	    "表能 ソ", "ポゾゼ", "亜唖渥" },
	{ "a quotation mark escaped",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"表\\\"能\" "
	    "dept=ボマ path=\"C:\\ソ\\表\" src=192.0.2.7",
	    "表\"能", "ボマ", "C:\\ソ\\表" },
	{ "bars",
	    "<189>Nov 20 14:03:05 fw1 a[7]: BAR|表ポ|ゾゼ|十貼予構|"
	    "192.0.2.7",
	    "表ポ", "ゾゼ", "十貼予構" },
	{ "commas",
	    "<189>Nov 20 14:03:05 fw1 a[7]: CSV,表ポ,\"ゾ,ゼ\",亜唖渥,"
	    "192.0.2.7",
	    "表ポ", "ゾ,ゼ", "亜唖渥" },
	{ "an expression",
	    "<189>Nov 20 14:03:05 fw1 a[7]: logon of [表ゾ] of ポ構|唖渥\" "
	    "from 192.0.2.7",
	    "表ゾ", "ポ構", "唖渥" },
	{ "CEF",
	    "<189>Nov 20 14:03:05 fw1 CEF:0|Example|X|1|7|ポ表|3|suser=ソ能 "
	    "filePath=表\\=ゾ src=192.0.2.7",
	    "ソ能", "ポ表", "表=ゾ" },
};

static const struct {
	const char *name, *iconv;
	enum text_encoding told; /* by the listener; UTF-8: nothing */
	enum text_encoding read;
} encodings[] = {
	{ "UTF-8", "UTF-8", TEXT_UTF8, TEXT_UTF8 },
	{ "CP932", "CP932", TEXT_UTF8, TEXT_CP932 },
	{ "CP932, as told", "CP932", TEXT_CP932, TEXT_CP932 },
	{ "EUC-JP", "EUC-JP", TEXT_UTF8, TEXT_EUC_JP },
	{ "EUC-JP, as told", "EUC-JP", TEXT_EUC_JP, TEXT_EUC_JP },
	{ "ISO-2022-JP", "ISO-2022-JP", TEXT_UTF8, TEXT_ISO_2022_JP },
	{ "UTF-16LE with its mark", "UTF-16LE*", TEXT_UTF8, TEXT_UTF16LE },
	{ "UTF-16BE with its mark", "UTF-16BE*", TEXT_UTF8, TEXT_UTF16BE },
	{ "UTF-16LE", "UTF-16LE", TEXT_UTF8, TEXT_UTF16LE },
	{ "UTF-16BE", "UTF-16BE", TEXT_UTF8, TEXT_UTF16BE },
	{ "UTF-16LE, as told", "UTF-16LE", TEXT_UTF16LE, TEXT_UTF16LE },
};

static struct formats *formats;
static struct arena *arena;
static struct event e;
static struct event_source source = { .transport = SPAN("udp") };

/* Text in another encoding; "*" behind its name: with a byte order mark. */
static size_t
encode(const char *to, const char *text, uint8_t *out, size_t size)
{
	char name[32], *in = (char *)(uintptr_t)text, *o = (char *)out;
	size_t len = strlen(text), left = size;
	bool mark = to[strlen(to) - 1] == '*';
	iconv_t cd;

	snprintf(name, sizeof(name), "%.*s", (int)(strlen(to) - mark), to);
	cd = iconv_open(name, "UTF-8");
	if (cd == (iconv_t)-1)
		abort();
	if (mark) {
		memcpy(o, strstr(to, "LE") != NULL ? "\xFF\xFE" : "\xFE\xFF",
		    2);
		o += 2;
		left -= 2;
	}
	if (iconv(cd, &in, &len, &o, &left) == (size_t)-1 ||
	    iconv(cd, NULL, NULL, &o, &left) == (size_t)-1)
		abort();
	iconv_close(cd);
	return size - left;
}

/* Read one line of a stream by itself: whether all that it says came out. */
static bool
says(struct span raw, uint32_t stream, const char *user, const char *dept,
    const char *path)
{
	static uint8_t before[1024];
	static const struct format_hints hints = { .zone = 32400 };

	memcpy(before, raw.p, raw.len);
	arena_reset(arena);
	e.message = raw;
	e.stream = stream;
	e.source = &source;
	if (formats_apply(formats, &e, arena, &hints) != 1) {
		printf("# not understood\n");
		return false;
	}
	if (memcmp(before, raw.p, raw.len) != 0 || e.message.p != raw.p ||
	    e.message.len != raw.len) {
		printf("# the bytes were touched\n");
		return false;
	}
	if (span_is(event_get(&e, ECS_USER_NAME), user) &&
	    span_is(event_get(&e, ECS_USER_GROUP), dept) &&
	    span_is(event_get(&e, ECS_FILE_PATH), path) &&
	    span_is(event_get(&e, ECS_SOURCE_IP), "192.0.2.7"))
		return true;
	printf("# user '%.*s' dept '%.*s' path '%.*s'\n",
	    (int)event_get(&e, ECS_USER_NAME).len,
	    (const char *)event_get(&e, ECS_USER_NAME).p,
	    (int)event_get(&e, ECS_USER_GROUP).len,
	    (const char *)event_get(&e, ECS_USER_GROUP).p,
	    (int)event_get(&e, ECS_FILE_PATH).len,
	    (const char *)event_get(&e, ECS_FILE_PATH).p);
	return false;
}

static void
test_matrix(void)
{
	static uint8_t raw[1024];
	uint32_t stream = 100;
	size_t i, k, len;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (k = 0; k < sizeof(encodings) / sizeof(encodings[0]); k++) {
			len = encode(encodings[k].iconv, lines[i].line, raw,
			    sizeof(raw));
			source.encoding = encodings[k].told;
			ok(says(span_make(raw, len), stream++, lines[i].user,
			       lines[i].dept, lines[i].path) &&
				e.encoding == encodings[k].read,
			    "%s in %s", lines[i].name, encodings[k].name);
		}
	source.encoding = TEXT_UTF8;
}

/* A stream of UTF-16LE that was parted at each byte LF. */
static void
test_parted(void)
{
	static uint8_t raw[1024];
	size_t len, i, from = 0, good = 0;

	len = encode("UTF-16LE*",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"表能\" dept=ポゾ "
	    "path=a src=192.0.2.7\r\n"
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"表能\" dept=ポゾ "
	    "path=a src=192.0.2.7\r\n",
	    raw, sizeof(raw));
	for (i = 0; i < len; i++)
		if (raw[i] == '\n') {
			good += says(span_make(raw + from, i - from), 7, "表能",
			    "ポゾ", "a");
			from = i + 1;
		}
	ok(good == 2, "UTF-16 parted at the byte LF");
}

/* What is broken stays so, but spoils nothing beside it. */
static const struct {
	const char *name, *line, *user, *dept, *path;
} broken[] = {
	{ "UTF-8 cut within its last character",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV src=192.0.2.7 user=\"山田\" "
	    "dept=外来 path=検\xE6\x9F",
	    "山田", "外来", "検\uFFFD\uFFFD" },
	{ "a UTF-8 line with words of CP932",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"山田\" "
	    "dept=\x95\x5C\x83\x7C path=\x8E\x52 src=192.0.2.7",
	    "山田", "表ポ", "山" },
	{ "the same between bars",
	    "<189>Nov 20 14:03:05 fw1 a[7]: BAR|山田|\x83\x7C\x95\x5C|外来棟|"
	    "192.0.2.7",
	    "山田", "ポ表", "外来棟" },
	{ "a bad byte in UTF-8",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"山田\" dept=外来 "
	    "path=a\xFF src=192.0.2.7",
	    "山田", "外来", "a\uFFFD" },
	{ "UTF-8 with a NUL",
	    "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV user=\"山田\" dept=外来 "
	    "path=a^b src=192.0.2.7",
	    "山田", "外来", "a^b" },
};

static void
test_broken(void)
{
	static char raw[1024], path[64];
	char *caret;
	size_t i, len;

	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		len = strlen(broken[i].line);
		memcpy(raw, broken[i].line, len + 1);
		snprintf(path, sizeof(path), "%s", broken[i].path);
		if ((caret = strchr(raw, '^')) != NULL)
			*caret = '\0';
		/* A NUL is data; a span has one, a C string ends. */
		if (caret != NULL) {
			arena_reset(arena);
			e.message = span_make(raw, len);
			e.stream = 40;
			ok(formats_apply(formats, &e, arena,
			       &(struct format_hints){ .zone = 0 }) == 1 &&
				span_is(event_get(&e, ECS_USER_NAME),
				    broken[i].user) &&
				span_eq(event_get(&e, ECS_FILE_PATH),
				    span_make("a\0b", 3)),
			    "%s", broken[i].name);
			continue;
		}
		ok(says(span_make(raw, len), (uint32_t)(20 + i),
		       broken[i].user, broken[i].dept, path),
		    "%s", broken[i].name);
	}
}

/* A stream that speaks CP932 does so in a line that was cut, too. */
static void
test_heard(void)
{
	static const char whole[] = "<189>Nov 20 14:03:05 fw1 a[7]: dev=KV "
				    "src=192.0.2.7 user=\x95\x5C dept=\x83\x7C "
				    "path=\x8E\x52\x93\x63";

	ok(says(span_make(whole, sizeof(whole) - 1), 60, "表", "ポ", "山田"),
	    "CP932");
	ok(says(span_make(whole, sizeof(whole) - 2), 60, "表", "ポ",
	       "山\uFFFD"),
	    "cut within its last character");
	ok(says(SPAN("<189>Nov 20 14:03:05 fw1 a[7]: dev=KV src=192.0.2.7 "
		     "user=山田\x1B[0m dept=外来 path=検査"),
	       60, "山田\x1B[0m", "外来", "検査"),
	    "UTF-8 in that stream, with an escape in it");
}

static void
write_files(const char *dir, bool there)
{
	char path[300];
	FILE *fp;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s.yml", dir, files[i][0]);
		if (!there)
			unlink(path);
		else if ((fp = fopen(path, "w")) == NULL ||
		    fputs(files[i][1], fp) == EOF || fclose(fp) != 0)
			abort();
	}
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct yaml_error err;
	char dir[256];

	snprintf(dir, sizeof(dir), "%s/encoding.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	write_files(dir, true);
	arena = arena_new();
	formats = formats_load(dir, &err);
	write_files(dir, false);
	rmdir(dir);
	ok(formats != NULL, "the formats load");
	if (formats == NULL) {
		printf("# %s:%u:%u: %s\n", err.file, err.line, err.col,
		    err.what);
		return done();
	}
	test_matrix();
	test_parted();
	test_broken();
	test_heard();
	formats_free(formats);
	arena_free(arena);
	return done();
}
