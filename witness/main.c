/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/num.h"
#include "witness/cell.h"
#include "witness/server.h"

#define PORT 7380 /* unless --listen says another */

/*
 * konseki-witness: cosigns the checkpoints of other sites' logs and keeps
 * copies of them.  A program of its own: the machine it runs on needs nothing
 * else of konseki.
 */
struct call {
	const char *dir, *name;
	char address[64];
	unsigned port;
};

/* "127.0.0.1:8080", "[::1]:8080" */
static int
listen_parse(const char *text, struct call *c)
{
	const char *colon = strrchr(text, ':');
	struct span host;
	uint64_t port;

	if (colon == NULL || num_parse(span_str(colon + 1), 65535, &port) != 0)
		return -1;
	host = span_make(text, (size_t)(colon - text));
	if (host.len > 2 && host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = span_sub(host, 1, host.len - 2);
	if (host.len == 0 || host.len >= sizeof(c->address))
		return -1;
	memcpy(c->address, host.p, host.len);
	c->address[host.len] = '\0';
	c->port = (unsigned)port;
	return 0;
}

static int
options(int argc, char *argv[], struct call *c)
{
	static const struct option list[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "name", required_argument, NULL, 'n' },
		{ "listen", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	optind = 1;
	while ((o = getopt_long(argc, argv, "", list, NULL)) != -1)
		if (o == 'd')
			c->dir = optarg;
		else if (o == 'n')
			c->name = optarg;
		else if (o != 'l' || listen_parse(optarg, c) != 0)
			return -1;
	return optind == argc && c->dir != NULL ? 0 : -1;
}

static int
make(const struct call *c)
{
	struct buf vkey, why;
	int rc;

	buf_init(&vkey);
	buf_init(&why);
	rc = store_make(c->dir, c->name, &vkey, &why);
	if (rc == 0)
		printf("%s\n", buf_cstr(&vkey));
	else
		log_error("%s: %s", c->dir, buf_cstr(&why));
	buf_fini(&why);
	buf_fini(&vkey);
	return rc == 0 ? 0 : 1;
}

static int
on_ready(void *cookie, unsigned port)
{
	const struct call *c = cookie;

	if (cell_enter(c->dir) != 0)
		return -1;
	printf("%s %u\n", c->address, port);
	return fflush(stdout) == 0 ? 0 : -1;
}

static int
serve(struct call *c)
{
	struct server_options o = { .address = c->address,
		.port = c->port,
		.ready = on_ready,
		.cookie = c };
	struct buf why;
	int rc = -1;

	buf_init(&why);
	if ((o.store = store_open(c->dir, &why)) == NULL)
		log_error("%s: %s", c->dir, buf_cstr(&why));
	else {
		log_info(tr("witness %s for %zu logs",
			     "証人 %s（対象のログ%zu件）"),
		    store_vkey(o.store), store_n_logs(o.store));
		rc = server_run(&o);
	}
	store_close(o.store);
	buf_fini(&why);
	return rc == 0 ? 0 : 1;
}

static int
usage(FILE *out)
{
	fprintf(out, "%s konseki-witness init --dir %s --name %s\n",
	    tr("usage:", "使い方:"), tr("DIR", "フォルダー"),
	    tr("NAME", "名前"));
	fprintf(out, "       konseki-witness serve --dir %s [--listen %s]\n",
	    tr("DIR", "フォルダー"), tr("ADDRESS:PORT", "アドレス:ポート"));
	return 2;
}

int
main(int argc, char *argv[])
{
	struct call c = { .address = "127.0.0.1", .port = PORT };

	log_set_name("konseki-witness");
	log_set_lang(NULL);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (argc < 2 || options(argc - 1, argv + 1, &c) != 0)
		return usage(stderr);
	if (strcmp(argv[1], "init") == 0 && c.name != NULL)
		return make(&c);
	if (strcmp(argv[1], "serve") == 0 && c.name == NULL)
		return serve(&c);
	return usage(stderr);
}
