/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/log.h"
#include "site/conf.h"
#include "site/site.h"
#include "tests/tap.h"

#define LOGS                                                                   \
	"logs:\n"                                                              \
	"  evidence: { origin: a.test/e }\n"                                   \
	"  casebook: { origin: a.test/c }\n"
#define LISTEN "listeners:\n  - { name: a, transport: tcp, port: 1"

#define TLS                                                                    \
	"listeners: [ { name: a, transport: tls, port: 1, certificate: c, "    \
	"key: k"

#define VKEY                                                                   \
	"hospital.example/evidence+26f3bc6c+"                                  \
	"AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
#define WITNESS                                                                \
	"witness.neighbour.example+65a74f17+BK9pLycbdamEsl7TqD+"               \
	"ZaI0j60YwNOp3feq0y0p5fhMW"

static struct yaml_error err;

static struct site *
load(const char *text)
{
	memset(&err, 0, sizeof(err));
	return site_parse(span_str(text), "konseki.yml", "/s", &err);
}

static void
defaults(void)
{
	struct site *s = load(LOGS LISTEN " }\n");
	const struct site_listener *l;

	ok(s != NULL, "what must be given is enough (%s)", err.what);
	if (s == NULL)
		return;
	l = s->listeners;
	ok(s->zone == 9 * 3600 && s->language == SITE_LANGUAGE_JA,
	    "a site is in Japan unless it says otherwise");
	ok(s->n_logs == 2 && strcmp(s->logs[0].dir, "/s/evidence") == 0 &&
		strcmp(s->logs[1].name, "casebook") == 0,
	    "a log's folder has its name");
	ok(s->logs[0].compression == SITE_COMPRESSION_AUTO &&
		s->logs[0].epoch_height == 18 && s->logs[0].epoch_s == 600,
	    "and five years of epochs");
	ok(strcmp(s->keys, "/s/keys") == 0 &&
		strcmp(s->analyzer.accounts, "/s/ledgers/accounts.csv") == 0,
	    "paths are the site's");
	ok(s->n_listeners == 1 && l->log == 0 && !l->replay &&
		l->framing == SITE_FRAMING_AUTO && l->max_frame == 1048576 &&
		strcmp(l->address, "0.0.0.0") == 0 && l->line == 5,
	    "a listener receives evidence in any framing");
	ok(s->analyzer.internal.n == 4 && s->analyzer.vpn.n == 0 &&
		*s->analyzer.rules == '\0',
	    "lists have their defaults");
	ok(*s->mail.server == '\0' && s->mail.tls == SITE_MAIL_REQUIRED &&
		s->escalation.command.n == 0,
	    "nothing is mailed unless it is said where to");
	site_free(s);
}

static void
senders(void)
{
	struct site *s = load(LOGS LISTEN
	    ", sources: [\n"
	    "      { addresses: [192.0.2.0/24], framing: lf },\n"
	    "      { addresses: [\"::1\", 10.0.0.1], framing: auto } ] }\n");
	const struct site_listener *l = s == NULL ? NULL : s->listeners;

	ok(s != NULL && l->n_sources == 2 &&
		l->sources[0].framing == SITE_FRAMING_LF &&
		l->sources[1].framing == SITE_FRAMING_AUTO &&
		l->sources[1].addresses.n == 2,
	    "senders with a framing of their own (%s)", err.what);
	site_free(s);
}

static void
values(void)
{
	struct site *s = load(
	    "site: { name: \"第一病院\", zone: Z, language: en }\n"
	    "logs:\n"
	    "  old: { dir: /var/old, origin: o, compression: small }\n"
	    "  casebook: { dir: c, origin: a.test/c }\n"
	    "  evidence: { origin: a.test/e, epoch_s: 60, retention: 5y }\n"
	    "retention: { approvers: [" VKEY "] }\n"
	    "writer: { workers: 0 }\n"
	    "listeners:\n"
	    "  - { name: v6, transport: udp, address: \"::1\", port: 65535,\n"
	    "      log: old, replay: yes, receive_buffer: 65536 }\n"
	    "  - { name: s, transport: tls, port: 0, framing: nul,\n"
	    "      max_frame: 480, certificate: tls/c.pem, key: /k.pem }\n"
	    "analyzer:\n"
	    "  rules: rules\n"
	    "  internal: [192.0.2.0/24, \"2001:db8::/33\"]\n"
	    "anchor:\n"
	    "  witnesses: [ { url: \"https://w/\", vkey: " WITNESS " } ]\n"
	    "  tsa:\n"
	    "    - { url: \"http://t\", ca: tls/t.pem }\n"
	    "    - { url: \"http://u\", ca: /u.pem, every_s: 86400 }\n"
	    "  relay: { url: \"http://r\", secret_file: r.secret }\n"
	    "mail: { server: \"smtp://mail:25\", tls: none, from: a@b }\n"
	    "escalation: { command: [/bin/call, \"%s\"], answer_min: 5 }\n");
	const struct site_listener *l;

	ok(s != NULL, "all kinds of values load (%s)", err.what);
	if (s == NULL)
		return;
	l = s->listeners;
	ok(strcmp(s->name, "第一病院") == 0 && s->zone == 0 &&
		s->language == SITE_LANGUAGE_EN && s->writer_workers == 0,
	    "text, zone, choice, number");
	ok(strcmp(s->logs[0].dir, "/var/old") == 0 &&
		s->logs[0].compression == 6 &&
		strcmp(site_log(s, "casebook")->dir, "/s/c") == 0,
	    "a path may be absolute, a choice may have its own number");
	ok(l[0].log == 0 && l[0].replay && l[0].port == 65535 &&
		l[1].framing == SITE_FRAMING_NUL && l[1].log == 2,
	    "a listener's log is found by name");
	ok(s->logs[0].retention.forever && s->logs[2].retention.years == 5 &&
		s->approvers.n == 1,
	    "a log is kept forever unless a period is given");
	ok(strcmp(l[1].certificate, "/s/tls/c.pem") == 0 &&
		strcmp(l[1].key, "/k.pem") == 0,
	    "certificate and key");
	ok(strcmp(s->analyzer.rules, "/s/rules") == 0,
	    "a folder of rules of the site's own");
	ok(s->anchor.n_witnesses == 1 && s->anchor.n_tsas == 2 &&
		s->anchor.witnesses[0].every_s == 60 &&
		s->anchor.tsas[0].every_s == 3600 &&
		s->anchor.tsas[1].every_s == 86400 &&
		strcmp(s->anchor.tsas[0].ca, "/s/tls/t.pem") == 0 &&
		strcmp(s->anchor.relay.secret_file, "/s/r.secret") == 0,
	    "witnesses, authorities and a relay");
	ok(s->escalation.command.n == 2 &&
		strcmp(s->escalation.command.v[1], "%s") == 0,
	    "a command is not joined with the site's folder");
	site_free(s);
}

static void
nets(void)
{
	struct site *s = load(
	    LOGS "analyzer: { internal: [192.0.2.0/25, \"2001:db8::/33\"] }\n");
	uint8_t a[16] = { [10] = 0xff, 0xff, 192, 0, 2, 127 };

	if (s == NULL) {
		ok(0, "%s", err.what);
		return;
	}
	ok(site_nets_have(&s->analyzer.internal, a), "192.0.2.127 is inside");
	a[15] = 128;
	ok(!site_nets_have(&s->analyzer.internal, a), "192.0.2.128 is not");
	memset(a, 0, sizeof(a));
	memcpy(a, "\x20\x01\x0d\xb8\x7f", 5);
	ok(site_nets_have(&s->analyzer.internal, a), "2001:db8:7f00:: is");
	a[4] = 0x80;
	ok(!site_nets_have(&s->analyzer.internal, a), "2001:db8:8000:: is not");
	site_free(s);
}

/* What is wrong, where, and what the user must read. */
static const struct {
	const char *name, *text;
	unsigned line, col;
	const char *what;
} errors[] = {
	{ "no file at all", "", 0, 0, "" },
	{ "a list instead of keys", "- a\n", 1, 1, "key: value" },
	{ "no logs", "keys: k\n", 1, 1, "'logs' is missing" },
	{ "a log too few", "logs: { evidence: { origin: a } }\n", 1, 7,
	    "casebook" },
	{ "a log under another name",
	    "logs: { evidence: { origin: a }, cases: { origin: b } }\n", 1, 7,
	    "'casebook'" },
	{ "a log without its origin",
	    "logs: { evidence: {}, casebook: { origin: b } }\n", 1, 19,
	    "'logs.NAME.origin' is missing" },
	{ "an origin in capitals",
	    "logs: { evidence: { origin: A }, casebook: { origin: b } }\n", 1,
	    29, "a-z" },
	{ "a log's name in capitals",
	    "logs: { E: { origin: a }, casebook: { origin: b } }\n", 1, 9,
	    "a-z" },
	{ "two logs in one folder",
	    "logs:\n  evidence: { origin: a, dir: x }\n"
	    "  casebook: { origin: b, dir: x }\n",
	    3, 13, "'evidence'" },
	{ "an unknown key", LOGS "color: red\n", 4, 1,
	    "unknown key 'color'. Allowed: site, logs" },
	{ "a misspelt key", LOGS LISTEN ", adress: 127.0.0.1 }\n", 5, 41,
	    "is 'address' meant?" },
	{ "a key twice", LOGS "keys: a\nkeys: b\n", 5, 1, "keys" },
	{ "a value that is a map", LOGS "keys: { a: b }\n", 4, 7, "a path" },
	{ "a key without a value", LOGS "keys:\n", 4, 6, "1 to 1024" },
	{ "a zone that is none", LOGS "site: { zone: JST }\n", 4, 15,
	    "+09:00" },
	{ "a language that is none", LOGS "site: { language: fr }\n", 4, 19,
	    "ja, en" },
	{ "a number that is none", LOGS "writer: { workers: many }\n", 4, 20,
	    "0 to 16" },
	{ "a number too large", LOGS "writer: { workers: 17 }\n", 4, 20,
	    "0 to 16" },
	{ "a number too small", LOGS "writer: { ring_mib: 1 }\n", 4, 21,
	    "4 to 256" },
	{ "a number with a sign", LOGS "writer: { workers: +1 }\n", 4, 20,
	    "0 to 16" },
	{ "a control character", LOGS "user: \"a\\nb\"\n", 4, 7, "text" },
	{ "listeners that are no list", LOGS "listeners: { a: b }\n", 4, 12,
	    "list" },
	{ "a listener without a port",
	    LOGS "listeners: [ { name: a, transport: tcp } ]\n", 4, 14,
	    "'listeners[].port' is missing" },
	{ "a transport that is none",
	    LOGS "listeners: [ { name: a, transport: rlp, port: 1 } ]\n", 4, 36,
	    "udp, tcp, tls, relp" },
	{ "RELP has a framing of its own",
	    LOGS "listeners: [ { name: a, transport: relp, port: 1, "
		 "framing: lf } ]\n",
	    4, 60, "means nothing for transport relp" },
	{ "RELP has no sources",
	    LOGS "listeners: [ { name: a, transport: relp, port: 1, "
		 "sources: [ { addresses: [192.0.2.1], framing: lf } ] } ]\n",
	    4, 60, "'sources' means nothing for transport relp" },
	{ "nor over TLS",
	    LOGS "listeners: [ { name: a, transport: relp-tls, port: 1, "
		 "sources: [ { addresses: [192.0.2.1], framing: lf } ] } ]\n",
	    4, 64, "'sources' means nothing for transport relp-tls" },
	{ "a path has no sources",
	    LOGS "listeners: [ { name: a, transport: unix-stream, path: p, "
		 "sources: [ { addresses: [192.0.2.1], framing: lf } ] } ]\n",
	    4, 67, "'sources' means nothing for transport unix-stream" },
	{ "nor have datagrams",
	    LOGS "listeners: [ { name: a, transport: unix-dgram, path: p, "
		 "sources: [ { addresses: [192.0.2.1], framing: lf } ] } ]\n",
	    4, 66, "'sources' means nothing for transport unix-dgram" },
	{ "a path for what has none",
	    LOGS "listeners: [ { name: a, transport: tcp, port: 1, "
		 "path: p } ]\n",
	    4, 56, "'path' means nothing for transport tcp" },
	{ "a port for a path",
	    LOGS "listeners: [ { name: a, transport: unix-dgram, path: p, "
		 "port: 1 } ]\n",
	    4, 63, "'port' means nothing for transport unix-dgram" },
	{ "a path of nothing",
	    LOGS "listeners: [ { name: a, transport: unix-stream } ]\n", 4, 14,
	    "needs 'path'" },
	{ "a mode that is none",
	    LOGS "listeners: [ { name: a, transport: unix-stream, path: p, "
		 "mode: 777 } ]\n",
	    4, 64, "0600, 0660, 0666" },
	{ "RELP over TLS without a certificate",
	    LOGS "listeners: [ { name: a, transport: relp-tls, port: 1 } ]\n",
	    4, 14, "transport relp-tls needs" },
	{ "a host name for an address", LOGS LISTEN ", address: localhost }\n",
	    5, 50, "IPv4 or IPv6" },
	{ "a port too large",
	    LOGS "listeners: [ { name: a, transport: tcp, port: 65536 } ]\n", 4,
	    47, "0 to 65535" },
	{ "a yes that is none", LOGS LISTEN ", replay: maybe }\n", 5, 49,
	    "yes or no" },
	{ "a log that is not there", LOGS LISTEN ", log: x }\n", 5, 46,
	    "log 'x'" },
	{ "receiving into the casebook", LOGS LISTEN ", log: casebook }\n", 5,
	    46, "casebook" },
	{ "a frame that no record can hold",
	    LOGS LISTEN ", max_frame: 1048577 }\n", 5, 52, "1048576" },
	{ "tls without a certificate",
	    LOGS "listeners: [ { name: a, transport: tls, port: 1 } ]\n", 4, 14,
	    "'certificate' and 'key'" },
	{ "names without an authority",
	    LOGS TLS ", client_names: [fw1.example.jp] } ]\n", 4, 88,
	    "'client_ca'" },
	{ "a revocation list without an authority", LOGS TLS ", crl: x } ]\n",
	    4, 79, "'client_ca'" },
	{ "a fingerprint that is none",
	    LOGS TLS ", client_fingerprints: ['sha-256:AA'] } ]\n", 4, 96,
	    "sha-256:AA:BB" },
	{ "a name that is none",
	    LOGS TLS ", client_ca: c, client_names: ['a b'] } ]\n", 4, 103,
	    "*.example.jp" },
	{ "a profile that is none", LOGS TLS ", tls_profile: old } ]\n", 4, 87,
	    "modern, legacy" },
	{ "clients' certificates without tls", LOGS LISTEN ", client_ca: c }\n",
	    5, 52, "transport tcp" },
	{ "a certificate without tls", LOGS LISTEN ", certificate: c.pem }\n",
	    5, 54, "transport tcp" },
	{ "a certificate for hand-overs without its key",
	    LOGS "handover: { certificate: c.pem }\n", 4, 11,
	    "'certificate' and 'key'" },
	{ "framing of datagrams",
	    LOGS "listeners: [ { name: a, transport: udp, port: 1, "
		 "framing: lf } ]\n",
	    4, 59, "transport udp" },
	{ "a sender of a listener without addresses",
	    LOGS LISTEN ", sources: [ { framing: lf } ] }\n", 5, 52,
	    "'listeners[].sources[].addresses' is missing" },
	{ "a sender that is no block",
	    LOGS LISTEN ", sources: [ { addresses: [fw1], "
			"framing: lf } ] }\n",
	    5, 66, "10.0.0.0/8" },
	{ "a sender's framing that is none",
	    LOGS LISTEN ", sources: [ { addresses: [10.0.0.1], "
			"framing: x } ] }\n",
	    5, 86, "auto, octet, lf, nul" },
	{ "senders of a listener for datagrams",
	    LOGS "listeners: [ { name: a, transport: udp, port: 1, "
		 "sources: [] } ]\n",
	    4, 59, "transport udp" },
	{ "two listeners of one name",
	    LOGS LISTEN " }\n  - { name: a, transport: tcp, port: 2 }\n", 6, 13,
	    "line 5" },
	{ "two listeners at one port",
	    LOGS LISTEN " }\n  - { name: b, transport: tcp, port: 1 }\n", 6, 38,
	    "'a' in line 5" },
	{ "a listener at all addresses of a port that another has",
	    LOGS LISTEN ", address: 127.0.0.1 }\n"
			"  - { name: b, transport: tls, port: 1, certificate: "
			"c, key: k }\n",
	    6, 38, "'a' in line 5" },
	{ "one address in two spellings",
	    LOGS LISTEN ", address: '::1' }\n"
			"  - { name: b, transport: tcp, port: 1, address: "
			"'0:0::0:1' }\n",
	    6, 38, "'a' in line 5" },
	{ "two listeners at one path",
	    LOGS "listeners:\n"
		 "  - { name: a, transport: unix-dgram, path: p }\n"
		 "  - { name: b, transport: unix-stream, path: p }\n",
	    6, 46, "'a' in line 5" },
	{ "a block with bits too many",
	    LOGS "analyzer: { internal: [192.0.2.1/24] }\n", 4, 24,
	    "10.0.0.0/8" },
	{ "a block without an address", LOGS "analyzer: { internal: [/24] }\n",
	    4, 24, "10.0.0.0/8" },
	{ "a block that is too long",
	    LOGS "analyzer: { internal: [10.0.0.0/33] }\n", 4, 24,
	    "10.0.0.0/8" },
	{ "a list that is empty", LOGS "analyzer: { internal: [] }\n", 4, 23,
	    "1 to 256" },
	{ "mail without a sender", LOGS "mail: { server: \"smtp://m:25\" }\n",
	    4, 7, "'from'" },
	{ "a mail server that is none", LOGS "mail: { server: m, from: a@b }\n",
	    4, 17, "smtp://" },
	{ "a password in the server's name",
	    LOGS "mail: { server: \"smtp://u:p@m\", from: a@b }\n", 4, 17,
	    "smtp://" },
	{ "a mail user without a password", LOGS "mail: { user: u }\n", 4, 7,
	    "'password_file'" },
	{ "a period without a unit",
	    "logs: { evidence: { origin: a, retention: 5 }, casebook: { "
	    "origin: b } }\n",
	    1, 43, "1095d" },
	{ "a period that is too short",
	    "logs: { evidence: { origin: a, retention: 1d }, casebook: { "
	    "origin: b } }\n",
	    1, 43, "at least 30d" },
	{ "a casebook that is not kept",
	    "logs: { evidence: { origin: a }, casebook: { origin: b, "
	    "retention: 5y } }\n",
	    1, 68, "kept whole" },
	{ "an approver that is no key",
	    LOGS "retention: { approvers: [sato] }\n", 4, 26,
	    "konseki retention key" },
	{ "an approver twice",
	    LOGS "retention:\n  approvers:\n"
		 "    - " VKEY "\n    - " VKEY "\n",
	    7, 7, "another approver" },
	{ "a witness without its key",
	    LOGS "anchor: { witnesses: [ { url: \"http://w\" } ] }\n", 4, 24,
	    "'anchor.witnesses[].vkey' is missing" },
	{ "a witness whose key is none",
	    LOGS "anchor: { witnesses: [ { url: \"http://w\", vkey: k } ] }\n",
	    4, 49, "not the key of a witness" },
	{ "a witness at an address that is none",
	    LOGS "anchor: { witnesses: [ { url: w, vkey: k } ] }\n", 4, 31,
	    "http://" },
	{ "a password in the address of an authority",
	    LOGS "anchor: { tsa: [ { url: \"https://u:p@t\", ca: c } ] }\n", 4,
	    25, "http://" },
	{ "an authority without certificates",
	    LOGS "anchor: { tsa: [ { url: \"https://t\" } ] }\n", 4, 18,
	    "'anchor.tsa[].ca' is missing" },
	{ "a relay without its secret",
	    LOGS "anchor: { relay: { url: \"https://r\" } }\n", 4, 18,
	    "'secret_file'" },
	{ "a target of no scheme",
	    LOGS "forward: [ { name: a, url: \"syslog://h\" } ]\n", 4, 28,
	    "syslog+tls://" },
	{ "a certificate without TLS",
	    LOGS "forward: [ { name: a, url: \"relp://h\", ca: c } ]\n", 4, 44,
	    "relp+tls://" },
	{ "a fingerprint that is none",
	    LOGS "forward: [ { name: a, url: \"relp+tls://h\", fingerprint: "
		 "\"AB:CD\" } ]\n",
	    4, 57, "64 hex digits" },
	{ "our certificate without its key",
	    LOGS "forward: [ { name: a, url: \"relp+tls://h\", "
		 "certificate: c } ]\n",
	    4, 12, "'certificate' and 'key'" },
	{ "forwarding a log that is not there",
	    LOGS "forward: [ { name: a, url: \"relp://h\", log: x } ]\n", 4, 45,
	    "log 'x'" },
	{ "two targets of one name",
	    LOGS "forward:\n  - { name: a, url: \"relp://h\" }\n"
		 "  - { name: a, url: \"relp://i\" }\n",
	    6, 13, "line 5" },
	{ "a command without a path", LOGS "escalation: { command: [call] }\n",
	    4, 24, "whole path" },
};

static void
wrong(void)
{
	struct site *s;
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		s = load(errors[i].text);
		ok(s == NULL && err.line == errors[i].line &&
			err.col == errors[i].col &&
			strcmp(err.file, "konseki.yml") == 0 &&
			strstr(err.what, errors[i].what) != NULL,
		    "%s is refused", errors[i].name);
		printf("# %u:%u: %s\n", err.line, err.col, err.what);
		site_free(s);
	}
	log_set_lang("ja");
	s = load(LOGS LISTEN ", adress: 127.0.0.1 }\n");
	ok(s == NULL && strstr(err.what, "「address」のことですか") != NULL,
	    "in Japanese too");
	site_free(s);
	log_set_lang("en");
	memset(&err, 0, sizeof(err));
	s = site_load("/nowhere/konseki.yml", &err);
	ok(s == NULL && strcmp(err.file, "/nowhere/konseki.yml") == 0 &&
		strstr(err.what, "No such file") != NULL,
	    "a site that is not there is refused");
	site_free(s);
}

/* The line that docs/site.md must have about a key. */
static void
page_line(const struct conf_row *row, struct buf *out)
{
	buf_str(out, "| `");
	conf_print_name(row, out);
	if (row->def == NULL)
		buf_str(out, "` | must be given | ");
	else if (*row->def == '\0')
		buf_str(out, "` | - | ");
	else
		buf_printf(out, "` | `%s` | ", row->def);
	conf_print_limit(row, out);
	buf_printf(out, " | %s | %s |\n", row->en, row->ja);
}

static void
page(void)
{
	static const char *const commands[] = {
#define COMMAND(name, function, en, ja) #name,
#include "analyzer/command/command_tbl.h"
#undef COMMAND
	};
	const char *srcdir = getenv("srcdir");
	struct buf path, text, line;
	size_t i;

	buf_init(&path);
	buf_init(&text);
	buf_init(&line);
	buf_printf(&path, "%s/docs/site.md", srcdir == NULL ? "." : srcdir);
	ok(io_read_file(buf_cstr(&path), 1u << 20, &text) == 0,
	    "docs/site.md is there");
	for (i = 0; text.len > 0 && i < conf_n_rows; i++) {
		line.len = 0;
		page_line(&conf_rows[i], &line);
		ok(strstr(buf_cstr(&text), buf_cstr(&line)) != NULL,
		    "docs/site.md has %s", conf_rows[i].key);
		if (strstr(buf_cstr(&text), buf_cstr(&line)) == NULL)
			printf("# %s", buf_cstr(&line));
	}
	for (i = 0; text.len > 0 && i < sizeof(commands) / sizeof(*commands);
	     i++) {
		line.len = 0;
		buf_printf(&line, "| `konseki %s` |", commands[i]);
		ok(strstr(buf_cstr(&text), buf_cstr(&line)) != NULL,
		    "docs/site.md has the command %s", commands[i]);
	}
	buf_fini(&path);
	buf_fini(&text);
	buf_fini(&line);
}

int
main(void)
{
	log_set_lang("en");
	defaults();
	senders();
	values();
	nets();
	wrong();
	page();
	return done();
}
