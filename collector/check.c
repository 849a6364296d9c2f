/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/check.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/endpoint.h"
#include "collector/forwarder.h"
#include "collector/priv.h"
#include "collector/tlsload.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/cosign.h"
#include "site/target.h"

static int
tls_check(const struct site *site, const struct site_listener *l)
{
	struct buf text[TLS_FILE_COUNT], why;
	struct tls_files files;
	SSL_CTX *ctx = NULL;

	buf_init(&why);
	if (tlsload_read(l, text, &files, &why) == 0)
		ctx = tlsctx_new(l, &files, &why);
	if (ctx == NULL)
		log_error("%s:%u: %s", site->file, l->line, buf_cstr(&why));
	else if (why.len > 0)
		log_warn("%s:%u: %s", site->file, l->line, buf_cstr(&why));
	tlsload_wipe(text);
	buf_fini(&why);
	SSL_CTX_free(ctx);
	return ctx == NULL ? -1 : 0;
}

/* What the anchor process will need. */
static int
anchor_check(const struct site *site)
{
	const char *secret = site->anchor.relay.secret_file;
	struct note_key key;
	size_t i;
	int rc = 0;

	for (i = 0; i < site->anchor.n_witnesses; i++) {
		const char *vkey = site->anchor.witnesses[i].vkey;

		if (cosign_key_parse(span_str(vkey), &key) == 0)
			continue;
		log_error(tr("%s: anchor.witnesses: '%s' is no key of a "
			     "witness",
			      "%s: anchor.witnesses: 「%s」は証人の検証鍵ではあ"
			      "りません"),
		    site->file, vkey);
		rc = -1;
	}
	for (i = 0; i < site->anchor.n_tsas; i++)
		if (access(site->anchor.tsas[i].ca, R_OK) != 0) {
			log_errno("%s: anchor.tsa: '%s'", site->file,
			    site->anchor.tsas[i].ca);
			rc = -1;
		}
	if (*secret != '\0' && access(secret, R_OK) != 0) {
		log_errno("%s: anchor.relay: '%s'", site->file, secret);
		rc = -1;
	}
	return rc;
}

/* What the forwarder will need. */
static int
forward_check(const struct site *site)
{
	const struct site_forward *f;
	struct buf why;
	int rc = 0;

	buf_init(&why);
	for (f = site->forwards; f < site->forwards + site->n_forwards; f++) {
		why.len = 0;
		if (forwarder_check(f, &why) == 0)
			continue;
		log_error("%s:%u: forward '%s': %s", site->file, f->line,
		    f->name, buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	return rc;
}

/* A watch is of one file. */
static int
watch_check(const struct site *site)
{
	const struct site_watch *w;
	size_t len = strlen(site->dir);
	const char *path;
	int rc = 0;

	for (w = site->watches; w < site->watches + site->n_watches; w++) {
		path = w->path;
		if (strncmp(path, site->dir, len) == 0)
			path += len;
		if (strpbrk(path, "*?[") == NULL || access(w->path, F_OK) == 0)
			continue;
		log_error(tr("%s:%u: watch '%s': path '%s': wildcards are not "
			     "known here: give each file a watch of its own",
			      "%s:%u: watch「%s」: path「%s」: ワイルドカードは"
			      "使えません。ファイルごとにwatchを書いてくださ"
			      "い"),
		    site->file, w->line, w->name, w->path);
		rc = -1;
	}
	return rc;
}

/* Who can change what the collector goes by commands it. */
static void
warn_writable(const char *path)
{
	struct stat st;
	bool all;

	if (stat(path, &st) != 0)
		return; /* who needs it says so */
	all = (st.st_mode & S_IWOTH) != 0;
	if (!all &&
	    ((st.st_mode & S_IWGRP) == 0 || geteuid() != 0 || st.st_gid == 0))
		return;
	log_warn(all
		? tr("%s: everybody on this machine can change it (mode "
		     "%04o), and with it what is collected: run 'chmod "
		     "go-w %s'",
		      "%s: このマシンの全員が書き換えられ、収集の設定を変え"
		      "られます（モード%04o）。「chmod go-w %s」を実行して"
		      "ください")
		: tr("%s: its group can change it (mode %04o), and with "
		     "it what is collected: run 'chmod g-w %s'",
		      "%s: グループの利用者が書き換えられ、収集の設定を変え"
		      "られます（モード%04o）。「chmod g-w %s」を実行して"
		      "ください"),
	    path, (unsigned)(st.st_mode & 07777), path);
}

static void
warn_clear(const struct site *site)
{
	const struct site_forward *f;
	struct target t;
	size_t i;

	for (i = 0; i < site->n_forwards; i++) {
		f = &site->forwards[i];
		if (target_parse(span_str(f->url), &t) == 0 && !t.tls &&
		    !t.relp)
			log_warn(tr("%s:%u: forward '%s': syslog+tcp: what is "
				    "sent can be read and changed on its way, "
				    "and nothing acknowledges it: take "
				    "relp+tls or syslog+tls where the target "
				    "can",
				     "%s:%u: 転送先「%s」: syslog+tcp: 送信内容"
				     "は途中で盗聴・改変されるおそれがあり、受"
				     "信の確認もありません。転送先が対応してい"
				     "ればrelp+tlsまたはsyslog+tlsを使ってくだ"
				     "さい"),
			    site->file, f->line, f->name);
	}
}

void
check_warn(const struct site *site)
{
	struct stat st;

	warn_clear(site);

	warn_writable(site->dir);
	warn_writable(site->file);
	if (stat(site->keys, &st) == 0 && (st.st_mode & 0077) != 0)
		log_warn(tr("%s: the folder of the signing keys is not private "
			    "(mode %04o): run 'chmod 0700 %s'",
			     "%s: 署名鍵のフォルダーを他の利用者が見られます"
			     "（モード%04o）。「chmod 0700 %s」を実行してくださ"
			     "い"),
		    site->keys, (unsigned)(st.st_mode & 07777), site->keys);
}

/* Whether this machine has it, as far as that can be found out. */
static bool
has_address(const struct site_listener *l)
{
	struct sockaddr_storage ss;
	socklen_t len = endpoint_sockaddr(l->address, 0, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = len == 0 || fd < 0 ||
	    bind(fd, (struct sockaddr *)&ss, len) == 0 ||
	    errno != EADDRNOTAVAIL;

	if (fd >= 0)
		close(fd);
	return has;
}

void
check_addresses(const struct site *site)
{
	const struct site_listener *l;

	for (l = site->listeners; l < site->listeners + site->n_listeners; l++)
		if (!site_is_unix(l->transport) && !has_address(l))
			log_warn(tr("%s:%u: listener '%s': this machine does "
				    "not have the address %s now: the "
				    "collector does not start until it has",
				     "%s:%u: 受信口「%s」: このマシンには現在"
				     "アドレス%sがありません。アドレスが付くま"
				     "でコレクターは起動できません"),
			    site->file, l->line, l->name, l->address);
}

int
check_site(const struct site *site)
{
	struct priv priv;
	struct buf why;
	struct stat st;
	char path[4096];
	size_t i;
	int rc = 0;

	buf_init(&why);
	if (priv_find(site, &priv, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	if (anchor_check(site) != 0)
		rc = -1;
	if (forward_check(site) != 0)
		rc = -1;
	if (watch_check(site) != 0)
		rc = -1;
	for (i = 0; i < site->n_listeners; i++)
		if (site_is_tls(site->listeners[i].transport) &&
		    tls_check(site, &site->listeners[i]) != 0)
			rc = -1;
	for (i = 0; i < site->n_logs; i++) {
		if (io_join(path, sizeof(path), site->logs[i].dir, "log") ==
			0 &&
		    stat(path, &st) == 0)
			continue;
		log_error(tr("%s: log '%s': there is no log in '%s': run "
			     "'konseki init'",
			      "%s: ログ「%s」: 「%s」にログがありません。"
			      "「konseki init」を実行してください"),
		    site->file, site->logs[i].name, site->logs[i].dir);
		rc = -1;
	}
	return rc;
}
