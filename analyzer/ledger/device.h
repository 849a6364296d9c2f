/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_DEVICE_H
#define LEDGER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "analyzer/ledger/problem.h"
#include "common/span.h"

/* The device ledger (機器台帳), ledgers/devices.csv. */
enum device_state {
	DEVICE_RUNNING, /* 稼働, and an empty cell */
	DEVICE_STOPPED, /* 停止, 予備, 修理中, 廃棄, 撤去, 返却 */
	DEVICE_LENT,	/* 貸出 */
	DEVICE_ODD,	/* a text that we do not know */
};

/* 外部通信: what may go out to the Internet. */
enum device_external {
	DEVICE_EXTERNAL_UNSAID,
	DEVICE_EXTERNAL_NONE,	 /* なし: any byte is a finding */
	DEVICE_EXTERNAL_LIMITED, /* 限定 */
	DEVICE_EXTERNAL_ALLOWED, /* あり */
};

struct device {
	unsigned row;	/* in the file */
	struct span id; /* 管理番号 */
	struct span maker, os, software, version;
	struct span name; /* コンピュータ名 */
	struct span place, users, note;
	struct address *ips;
	size_t n_ips;
	struct span mac;    /* folded, "00:11:22:33:44:55" */
	int64_t registered; /* 登録日, a day number; INT64_MIN if empty */
	enum device_state state;
	struct span state_text;
	enum device_external external;
	bool edge;	    /* 外部接続点 */
	bool server;	    /* 種別, or サーバ in name, OS or software */
	bool manager;	    /* 種別 is 管理端末 */
	bool admin_logon;   /* 管理者ログオン: administrators log in there */
	bool no_remote;	    /* リモート保守: なし */
	struct span remote; /* リモート保守: vendor, or empty */
	struct span owner;  /* 管理主体 */
	struct span vendor; /* 事業者 */
	struct span importance;
	struct span logging; /* ログ送信 */
	struct span site;   /* 施設, folded: which institution, or empty */
	struct span format;  /* ログ書式: name of a log format, or empty */
	bool has_zone;
	int zone; /* タイムゾーン: seconds east of UTC */
};

struct devices;

/*
 * Read the ledger.  The result owns all that it needs; ps may hold notices
 * even if it is good.  NULL after an error in ps.
 */
struct devices *devices_parse(struct span bytes, const char *file,
    struct problems *ps);
void devices_free(struct devices *ds);

/* Whether a row says in which zone its device's clock runs. */
bool devices_have_zones(const struct devices *ds);

/* Whether a row says from where devices are administered. */
bool devices_have_managers(const struct devices *ds);

/* Whether a row says on which computers administrators log in. */
bool devices_have_admin_logons(const struct devices *ds);

size_t devices_count(const struct devices *ds);
const struct device *devices_at(const struct devices *ds, size_t i);

/* The device with that address, name (any case and width, domain cut off),
 * MAC or 管理番号 (leading zeros do not matter), or NULL. */
const struct device *devices_by_address(const struct devices *ds,
    const struct address *a);
const struct device *devices_by_name(const struct devices *ds,
    struct span name);
const struct device *devices_by_mac(const struct devices *ds, struct span mac);
const struct device *devices_by_id(const struct devices *ds, struct span id);

/* "外部通信なし" and its like, for messages and reports. */
const char *device_external_name(enum device_external e);
const char *device_state_name(enum device_state s);

#endif
