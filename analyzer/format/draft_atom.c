/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/draft_atom.h"

#include <string.h>

#include "analyzer/format/convert.h"
#include "analyzer/format/draft_priv.h"

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(uint8_t c)
{
	uint8_t l = c | 0x20;

	return (l >= 'a' && l <= 'z') || is_digit(c) || c == '_' || c >= 0x80;
}

static bool
is_hex(uint8_t c)
{
	uint8_t l = c | 0x20;

	return is_digit(c) || (l >= 'a' && l <= 'f');
}

/* Bytes of an address at the start of s, or 0. */
static size_t
ip_len(struct span s)
{
	size_t n;

	for (n = 0; n < s.len && (is_digit(s.p[n]) || s.p[n] == '.'); n++)
		;
	while (n > 0 && s.p[n - 1] == '.')
		n--;
	if (convert_is_ip(span_sub(s, 0, n)))
		return n;
	for (n = 0;
	     n < s.len && (is_hex(s.p[n]) || s.p[n] == '.' || s.p[n] == ':');
	     n++)
		;
	while (n > 0 && s.p[n - 1] == '.')
		n--;
	if (n < s.len && is_word(s.p[n]))
		return 0;
	return n > 2 && convert_is_ip(span_sub(s, 0, n)) ? n : 0;
}

static size_t
mac_len(struct span s)
{
	size_t n;

	for (n = 0; n < s.len &&
	     (is_hex(s.p[n]) || s.p[n] == ':' || s.p[n] == '-' ||
		 s.p[n] == '.');
	     n++)
		;
	if (n < s.len && is_word(s.p[n]))
		return 0;
	return n >= 12 && draft_fits(DRAFT_MAC, span_sub(s, 0, n)) ? n : 0;
}

static size_t
quoted_len(struct span s)
{
	const uint8_t *end;

	if (s.p[0] != '"' || s.len < 2)
		return 0;
	end = memchr(s.p + 1, '"', s.len - 1);
	return end == NULL ? 0 : (size_t)(end - s.p) + 1;
}

/* A word may have marks within it: host.example, a@b, /dev/sda, DOM\user. */
static size_t
word_len(struct span s)
{
	size_t n = 0;

	while (n < s.len) {
		if (is_word(s.p[n]))
			n++;
		else if (n > 0 && n + 1 < s.len && is_word(s.p[n + 1]) &&
		    memchr(".@\\/$-", s.p[n], 6) != NULL)
			n++;
		else
			break;
	}
	return n;
}

static size_t
blank_len(struct span s)
{
	size_t n = 0;

	while (n < s.len && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

static struct atom
next(struct span s)
{
	struct atom a = { .kind = ATOM_BLANK };
	size_t len, i;

	if ((len = blank_len(s)) > 0)
		;
	else if ((len = quoted_len(s)) > 0)
		a.kind = ATOM_QUOTED;
	else if ((len = mac_len(s)) > 0)
		a.kind = ATOM_MAC;
	else if ((len = ip_len(s)) > 0)
		a.kind = ATOM_IP;
	else if ((len = word_len(s)) > 0) {
		a.kind = ATOM_NUMBER;
		for (i = 0; i < len; i++) {
			a.changes |= is_digit(s.p[i]) ||
			    memchr(".@\\$", s.p[i], 4) != NULL;
			if (!is_digit(s.p[i]))
				a.kind = ATOM_WORD;
		}
	} else {
		a.kind = ATOM_MARK;
		len = 1;
	}
	a.text = span_sub(s, 0, len);
	return a;
}

size_t
atom_split(struct span line, struct atom *atom)
{
	size_t pos, n = 0;

	for (pos = 0; pos < line.len && n < ATOMS; pos += atom[n++].text.len)
		atom[n] = next(span_sub(line, pos, line.len));
	return n;
}

struct span
atom_before(const struct atom *atom, size_t i)
{
	while (i-- > 0)
		if (atom[i].kind >= ATOM_WORD)
			return atom[i].kind == ATOM_WORD ? atom[i].text
							 : SPAN("");
	return SPAN("");
}

#define USERS "user username account login-name uid ユーザー ユーザ 利用者"

bool
atom_named(const struct atom *atom, size_t i)
{
	return atom[i].kind == ATOM_WORD &&
	    draft_one_of(atom_before(atom, i), USERS) &&
	    !draft_one_of(atom[i].text,
		"logged login logout logged-in authentication has was is not "
		"failed name password from and to with in on account "
		"successfully");
}

/* "a -> b": what stands left of an arrow comes from there. */
static bool
arrow(const struct atom *atom, size_t n, size_t i, int step)
{
	size_t k = i;
	int left;

	for (left = 6; left > 0; left--) {
		if (step < 0 ? k == 0 : k + 1 >= n)
			return false;
		k = step < 0 ? k - 1 : k + 1;
		if (atom[k].kind == ATOM_MARK && atom[k].text.p[0] == '>')
			return true;
		if (atom[k].kind == ATOM_IP || atom[k].kind == ATOM_WORD)
			return false;
	}
	return false;
}

static const char *
address_name(const struct atom *atom, size_t n, size_t i)
{
	struct span word = atom_before(atom, i);

	if (draft_one_of(word,
		"from src source client remote srcip src_ip source_ip "
		"clientip client_ip 送信元"))
		return "src_ip";
	if (draft_one_of(word,
		"to dst dest destination server dstip dst_ip dest_ip "
		"destination_ip 宛先"))
		return "dst_ip";
	if (arrow(atom, n, i, 1))
		return "src_ip";
	return arrow(atom, n, i, -1) ? "dst_ip" : NULL;
}

/* A number behind "address:" or "port": of the address before it. */
static const char *
port_name(const struct atom *atom, size_t n, size_t i)
{
	bool colon = i >= 2 && atom[i - 1].kind == ATOM_MARK &&
	    (atom[i - 1].text.p[0] == ':' || atom[i - 1].text.p[0] == '/') &&
	    atom[i - 2].kind == ATOM_IP;
	const char *of;
	size_t k = i;

	if (!colon && !draft_one_of(atom_before(atom, i), "port sport dport"))
		return NULL;
	while (k-- > 0) {
		if (atom[k].kind != ATOM_IP)
			continue;
		of = address_name(atom, n, k);
		if (of == NULL)
			return NULL;
		return strcmp(of, "src_ip") == 0 ? "src_port" : "dst_port";
	}
	return NULL;
}

static const char *
number_name(const struct atom *atom, size_t n, size_t i)
{
	struct span word = atom_before(atom, i);

	if (draft_one_of(word, "sent"))
		return "sent_bytes";
	if (draft_one_of(word, "received rcvd"))
		return "received_bytes";
	return draft_one_of(word, "pid") ? "pid" : port_name(atom, n, i);
}

const char *
atom_name(const struct atom *atom, size_t n, size_t i)
{
	struct span word = atom_before(atom, i);

	switch (atom[i].kind) {
	case ATOM_IP:
		return address_name(atom, n, i);
	case ATOM_NUMBER:
		return number_name(atom, n, i);
	case ATOM_MAC:
		return draft_one_of(word,
			   "from client station sta mac src source")
		    ? "src_mac"
		    : NULL;
	case ATOM_QUOTED:
		if (draft_one_of(word, "reason"))
			return "reason";
		return draft_one_of(word, USERS) ? "user" : NULL;
	case ATOM_WORD:
		if (atom_named(atom, i) || draft_one_of(word, USERS))
			return "user";
		if (draft_one_of(atom[i].text, "tcp udp icmp"))
			return "transport";
		return NULL;
	case ATOM_BLANK:
	case ATOM_MARK:
		break;
	}
	return NULL;
}

const char *
atom_fields(const char *name)
{
	static const char *const rows[][2] = {
		{ "src_ip", "source.ip" },
		{ "dst_ip", "destination.ip" },
		{ "src_port", "source.port" },
		{ "dst_port", "destination.port" },
		{ "sent_bytes", "source.bytes" },
		{ "received_bytes", "destination.bytes" },
		{ "src_mac", "{to: source.mac, as: mac}" },
		{ "user", "user.name" },
		{ "code", "event.code" },
		{ "pid", "process.pid" },
		{ "reason", "event.reason" },
		{ "transport", "{to: network.transport, as: lower}" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return "message";
}

/* Whether a "=" stands before it in its word: zone=LAN>WAN. */
static bool
is_behind_key(const struct atom *atom, size_t i)
{
	while (i-- > 0 && atom[i].kind != ATOM_BLANK)
		if (span_is(atom[i].text, "="))
			return true;
	return false;
}

bool
atom_is_literal(const struct atom *atom, size_t n, size_t i)
{
	if (atom[i].kind >= ATOM_NUMBER || atom[i].changes ||
	    atom_name(atom, n, i) != NULL)
		return false;
	return atom[i].kind != ATOM_WORD || !is_behind_key(atom, i);
}

const char *
atom_class(const struct atom *a)
{
	switch (a->kind) {
	case ATOM_IP:
		return "[0-9A-Fa-f:.]+";
	case ATOM_MAC:
		return "[0-9A-Fa-f:.-]+";
	case ATOM_NUMBER:
		return "\\d+";
	case ATOM_QUOTED:
		return "[^\"]*";
	case ATOM_BLANK:
	case ATOM_MARK:
	case ATOM_WORD:
		break;
	}
	return "[^\\s\"(),;:=<>\\[\\]]+";
}
