/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/indicator.h"

#include <string.h>

#include "analyzer/find/spot.h"
#include "analyzer/ledger/sheet.h"
#include "common/log.h"
#include "common/text.h"

enum asked { /* what the list calls it */
	ASKED_ANY,
	ASKED_ADDRESS,
	ASKED_NAME,
	ASKED_URL,
	ASKED_HASH,
	ASKED_WORD,
	ASKED_UNKNOWN,
};

static const struct {
	const char *words;
	enum asked as;
} types[] = {
	{ "address|ip|ipv4|ipv6|ipaddress|ip-src|ip-dst|ipv4-addr|ipv6-addr|"
	  "network|cidr|ipアドレス|アドレス|ネットワーク",
	    ASKED_ADDRESS },
	{ "name|domain|domain-name|hostname|host|fqdn|ドメイン|ドメイン名|"
	  "ホスト名|名前",
	    ASKED_NAME },
	{ "url|uri|link", ASKED_URL },
	{ "hash|md5|sha1|sha-1|sha224|sha256|sha-256|sha384|sha512|sha-512|"
	  "filehash|ハッシュ|ハッシュ値",
	    ASKED_HASH },
	{ "word|keyword|string|text|filename|email|email-src|email-dst|"
	  "user-agent|user|文字列|語|単語|キーワード|ファイル名",
	    ASKED_WORD },
};

static const char *const words[] = { "address", "network", "name", "hash",
	"word" };

const char *
indicator_kind_word(enum indicator_kind k)
{
	return words[k];
}

const char *
indicator_strerror(enum indicator_err e)
{
	switch (e) {
#define INDICATOR_ERR(id, en, ja)                                              \
	case INDICATOR_ERR_##id:                                               \
		return tr(en, ja);
#include "analyzer/find/indicator_err_tbl.h"
#undef INDICATOR_ERR
	}
	return "";
}

static enum asked
asked_of(struct span type, struct arena *arena)
{
	struct span key = sheet_key(type, arena);
	size_t i;

	if (key.len == 0)
		return ASKED_ANY;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sheet_is_one_of(key, types[i].words))
			return types[i].as;
	return ASKED_UNKNOWN;
}

/* ---- what was made harmless ---- */

static const struct {
	const char *from, *to;
} harmless[] = {
	{ "[.]", "." }, { "(.)", "." }, { "{.}", "." }, { "[dot]", "." },
	{ "(dot)", "." }, { "[:]", ":" }, { "[://]", "://" }, { "[/]", "/" },
	{ "[at]", "@" }, { "[@]", "@" }, { "hxxps://", "https://" },
	{ "hxxp://", "http://" }, { "fxp://", "ftp://" },
};

static struct span
refang(struct span s, struct arena *arena)
{
	struct span out;
	struct buf b;
	size_t i, k, n;

	buf_init(&b);
	for (i = 0; i < s.len; i += n) {
		for (k = 0; k < sizeof(harmless) / sizeof(harmless[0]); k++) {
			n = strlen(harmless[k].from);
			if (s.len - i >= n &&
			    strncasecmp((const char *)s.p + i,
				harmless[k].from, n) == 0)
				break;
		}
		if (k < sizeof(harmless) / sizeof(harmless[0]))
			buf_str(&b, harmless[k].to);
		else
			buf_byte(&b, s.p[i]), n = 1;
	}
	out = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return out;
}

/* ---- the kinds ---- */

static enum indicator_err
as_address(struct span s, struct arena *arena, struct indicator *out)
{
	char text[ADDRESS_TEXT];
	struct prefix *p = &out->prefix;
	bool v4;

	if (prefix_parse(s, p) != 0)
		return INDICATOR_ERR_ADDRESS;
	v4 = p->bits >= 96 && address_is_v4(&p->address);
	(void)address_print(&p->address, text);
	out->kind = p->bits == 128 ? INDICATOR_ADDRESS : INDICATOR_NETWORK;
	out->text = span_str(p->bits == 128
		? arena_str(arena, span_str(text))
		: arena_printf(arena, "%s/%u", text, p->bits - (v4 ? 96 : 0)));
	return INDICATOR_ERR_OK;
}

/* "192.0.2.7:443", "[2001:db8::1]:443", "[2001:db8::1]". */
static struct span
without_port(struct span s)
{
	const uint8_t *end;

	if (s.len > 2 && s.p[0] == '[' &&
	    (end = memchr(s.p, ']', s.len)) != NULL)
		return span_make(s.p + 1, (size_t)(end - s.p) - 1);
	end = s.len > 0 ? memchr(s.p, ':', s.len) : NULL;
	if (end != NULL &&
	    memchr(end + 1, ':', s.len - (size_t)(end - s.p) - 1) == NULL)
		return span_make(s.p, (size_t)(end - s.p));
	return s;
}

static bool
is_label(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* What both the list and a log may write in either case. */
static struct span
lower(struct span s, struct arena *arena)
{
	struct span copy = arena_copy(arena, s);
	uint8_t *p = arena_alloc(arena, s.len + 1);
	size_t i;

	for (i = 0; i < s.len; i++)
		p[i] = copy.p[i] >= 'A' && copy.p[i] <= 'Z' ? copy.p[i] | 0x20
							    : copy.p[i];
	return span_make(p, s.len);
}

/* A label by which a name can be looked up. */
static bool
is_anchor(struct span label)
{
	size_t i;

	if (label.len < SPOT_LABEL_MIN)
		return false;
	for (i = 0; i < label.len; i++)
		if ((label.p[i] | 0x20) >= 'a' && (label.p[i] | 0x20) <= 'z')
			return true;
	return false;
}

static enum indicator_err
as_name(struct span s, struct arena *arena, struct indicator *out)
{
	bool anchored = false;
	size_t i, from = 0;

	if (span_starts(s, SPAN("*.")))
		s = span_sub(s, 2, s.len);
	while (s.len > 0 && s.p[0] == '.')
		s = span_sub(s, 1, s.len);
	while (s.len > 0 && s.p[s.len - 1] == '.')
		s.len--;
	if (s.len == 0)
		return INDICATOR_ERR_NAME;
	for (i = 0; i <= s.len; i++) {
		if (i < s.len && is_label(s.p[i]))
			continue;
		if ((i < s.len && s.p[i] != '.') || i == from ||
		    i - from > SPOT_LABEL_MAX)
			return INDICATOR_ERR_NAME;
		anchored |= is_anchor(span_sub(s, from, i - from));
		from = i + 1;
	}
	if (!anchored)
		return INDICATOR_ERR_SHORT;
	out->kind = INDICATOR_NAME;
	out->text = lower(s, arena);
	return INDICATOR_ERR_OK;
}

static enum indicator_err
as_hash(struct span s, struct arena *arena, struct indicator *out)
{
	size_t i;

	if (!spot_is_hash_len(s.len))
		return INDICATOR_ERR_HASH;
	out->kind = INDICATOR_HASH;
	out->text = lower(s, arena);
	for (i = 0; i < s.len; i++)
		if (strchr("0123456789abcdef", out->text.p[i]) == NULL)
			return INDICATOR_ERR_HASH;
	return INDICATOR_ERR_OK;
}

static enum indicator_err
as_word(struct span s, struct arena *arena, struct indicator *out)
{
	struct buf folded;

	buf_init(&folded);
	text_fold(s, true, &folded);
	out->kind = INDICATOR_WORD;
	out->text = arena_copy(arena, buf_view(&folded));
	buf_fini(&folded);
	return out->text.len < 2 ? INDICATOR_ERR_SHORT : INDICATOR_ERR_OK;
}

static enum indicator_err
as_host(struct span s, struct arena *arena, struct indicator *out)
{
	struct span host = without_port(s);

	if (as_address(host, arena, out) == INDICATOR_ERR_OK ||
	    as_address(s, arena, out) == INDICATOR_ERR_OK)
		return INDICATOR_ERR_OK;
	return as_name(host, arena, out);
}

static bool
is_url(struct span s)
{
	return span_starts(s, SPAN("http://")) ||
	    span_starts(s, SPAN("https://")) || span_starts(s, SPAN("ftp://"));
}

/* The host of a URL: what stands behind it on the way is not kept in most
 * logs, as it is encrypted. */
static enum indicator_err
as_url(struct span s, struct arena *arena, struct indicator *out)
{
	struct span low = lower(s, arena);
	size_t at = 0, end;

	if (is_url(low))
		at = (size_t)((const uint8_t *)memchr(s.p, ':', s.len) - s.p) +
		    3;
	for (end = at; end < s.len && strchr("/?#", s.p[end]) == NULL; end++)
		if (s.p[end] == '@')
			at = end + 1;
	s = span_sub(s, at, end - at);
	return s.len == 0 ? INDICATOR_ERR_URL : as_host(s, arena, out);
}

/* Only digits, dots and slashes: nobody means a name by that. */
static bool
looks_like_address(struct span s)
{
	size_t i, dots = 0;

	for (i = 0; i < s.len; i++) {
		if (strchr("0123456789./-~", s.p[i]) == NULL)
			return false;
		dots += s.p[i] == '.';
	}
	return dots >= 3;
}

static bool
has_letters_behind_dot(struct span s)
{
	size_t i = s.len;

	while (i > 0 && s.p[i - 1] != '.')
		i--;
	return i > 1 && is_anchor(span_sub(s, i, s.len));
}

static enum indicator_err
as_any(struct span s, struct arena *arena, struct indicator *out)
{
	struct span low = lower(s, arena), name = without_port(s);

	if (is_url(low))
		return as_url(s, arena, out);
	if (as_address(without_port(s), arena, out) == INDICATOR_ERR_OK ||
	    as_address(s, arena, out) == INDICATOR_ERR_OK ||
	    as_hash(s, arena, out) == INDICATOR_ERR_OK)
		return INDICATOR_ERR_OK;
	if (looks_like_address(s))
		return INDICATOR_ERR_ADDRESS;
	if (name.len > 1 && name.p[name.len - 1] == '.')
		name.len--; /* its own last dot */
	if (has_letters_behind_dot(name) &&
	    as_name(name, arena, out) == INDICATOR_ERR_OK)
		return INDICATOR_ERR_OK;
	return as_word(s, arena, out);
}

static bool
has_control(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return !text_is_utf8(s);
}

enum indicator_err
indicator_parse(struct span value, struct span type, struct arena *arena,
    struct indicator *out)
{
	struct span given = text_trim(value), s;

	*out = (struct indicator){ .kind = INDICATOR_WORD };
	if (given.len == 0)
		return INDICATOR_ERR_EMPTY;
	if (given.len > INDICATOR_MAX)
		return INDICATOR_ERR_LONG;
	if (has_control(given))
		return INDICATOR_ERR_CONTROL;
	if (memmem(given.p, given.len, "\xEF\xBF\xBD", 3) != NULL)
		return INDICATOR_ERR_ENCODING;
	s = refang(refang(given, arena), arena); /* hxxps[://] */
	switch (asked_of(type, arena)) {
	case ASKED_ANY:
		return as_any(s, arena, out);
	case ASKED_ADDRESS:
		if (as_address(s, arena, out) == INDICATOR_ERR_OK)
			return INDICATOR_ERR_OK;
		return as_address(without_port(s), arena, out);
	case ASKED_NAME:
		return as_name(without_port(s), arena, out);
	case ASKED_URL:
		return as_url(s, arena, out);
	case ASKED_HASH:
		return as_hash(s, arena, out);
	case ASKED_WORD: /* as it was written */
		return as_word(given, arena, out);
	case ASKED_UNKNOWN:
	default:
		return INDICATOR_ERR_TYPE;
	}
}
