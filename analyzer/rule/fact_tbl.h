/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What konseki knows about an event beyond its fields: FACT(identifier, name,
 * needs history, ja, en).  Rules name facts under x-konseki; a fact that does
 * not apply is missing.  Facts with history are judged when the event's time
 * has passed the watermark, the others when the event arrives.
 */
FACT(ACCOUNT_KNOWN,   "account.known",      false, "台帳にあるか: yes no ambiguous", "in the account ledger: yes, no, ambiguous (two rows fit)")
FACT(ACCOUNT_STATE,   "account.state",      false, "状態列: usable not-yet expired disabled leave unknown", "state of the account that day: usable, not-yet, expired, disabled, leave, unknown")
FACT(ACCOUNT_ROLE,    "account.role",       false, "権限: admin user", "admin or user, by the ledger")
FACT(ACCOUNT_KIND,    "account.kind",       false, "種別: person shared system emergency vendor", "person, shared, system, emergency or vendor, by the ledger")
FACT(ACCOUNT_LEAVING, "account.leaving",    false, "退職予定か: yes no", "whether the ledger says 退職予定: yes, no")
FACT(ACCOUNT_DEPT,    "account.department", false, "所属部署（台帳に書いたまま）", "所属部署, as the ledger has it")
FACT(ACCOUNT_NAME,    "account.name",       false, "ログの氏名は台帳と同じか: same different", "whether the name in the record is that of the ledger: same, different; missing where one is in kana or letters and the other is not")
FACT(ACCOUNT_ROSTER,  "account.roster",     false, "勤務か当直表に予定があるか: yes no", "whether 勤務 or the duty roster says when the account works")
FACT(ACCOUNT_WATCHED, "account.watched",    false, "要注意IDか: yes no", "whether 説明 of the account says 要注意")
FACT(TARGET_KNOWN,    "target.known",       false, "変更されたIDは台帳にあるか: yes no ambiguous", "whether the account that was changed (user.target.name) is in the ledger")
FACT(CALENDAR_STATE,  "calendar.state",     false, "本人の業務時間か: business off-hours", "business or off-hours, by the shifts of the account, the duty roster or the site's hours")
FACT(CALENDAR_DAY,    "calendar.day",       false, "診療日か: open closed", "open or closed, for any reason")
FACT(CALENDAR_RUN,    "calendar.closed_run", false, "連休の日数 (診療日は0)", "days off in a row around the day; 0 if open")
FACT(PLAN_STATE,      "plan.state",         false, "作業計画: covered none", "covered by a maintenance plan, or none")
FACT(PLAN_EXCEEDED,   "plan.exceeded",      false, "作業計画を超えたか: time device no", "time: began within a plan and ended after it; device: another device than the plan names; no")
FACT(SESSION_MINUTES, "session.minutes",    false, "続いた時間(分)", "event.duration in minutes")
FACT(SESSION_NIGHT,   "session.overnight",  false, "0時から vpn.night_until 時まで続いたか: yes no", "whether it went on from midnight until vpn.night_until, by event.duration")
FACT(SOURCE_SIDE,     "source.side",        false, "接続元: lan vpn wan", "where the source address lies: lan, vpn, wan")
FACT(SOURCE_ALLOWED,  "source.allowed",     false, "台帳の接続元のうちか: yes no", "whether the source is one that the ledger allows the account (接続元); missing if it names none")
FACT(SOURCE_MANAGER,  "source.manager",     false, "接続元は管理端末か: yes no", "whether the source is a device of 種別 管理端末; missing if the ledger names none")
FACT(DEVICE_KNOWN,    "device.known",       false, "機器台帳にあるか: yes no", "whether the device that logged is in the ledger")
FACT(DEVICE_STATE,    "device.state",       false, "機器の状態: running stopped lent odd", "state of that device: running, stopped, lent, odd")
FACT(DEVICE_EXTERNAL, "device.external",    false, "外部通信: none limited allowed unsaid", "外部通信 of that device: none, limited, allowed, unsaid")
FACT(DEVICE_REMOTE,   "device.remote",      false, "リモート保守: none allowed unsaid", "リモート保守 of that device: none, allowed, unsaid")
FACT(DEVICE_SERVER,   "device.server",      false, "サーバか: yes no", "whether that device is a server")
FACT(DEVICE_ADMIN,    "device.admin_logon", false, "管理者ログオンする機器か: yes no", "管理者ログオン of that device; missing if the ledger names none")
FACT(DEVICE_EDGE,     "device.edge",        false, "外部接続点か: yes no", "whether that device is 外部接続点")
FACT(SENDER_STATE,    "sender.state",       false, "送信元: own relay unregistered", "who sent what a device of the ledger is said to have written: own (itself), relay (another of the ledger), unregistered")
FACT(SITE_LEARNING,   "site.learning",      true,  "学習期間中か: yes no", "whether the evidence is younger than account.starter_days")
FACT(SOURCE_NEW,      "source.first_seen",  true,  "このIDで初めての接続元か: yes no", "whether the account never came from this address before")
FACT(NETWORK_NEW,     "source.network_first_seen", true, "このIDで初めてのネットワークか: yes no", "whether the account never came from that network before (/16, IPv6 /32)")
FACT(ACCOUNT_DORMANT, "account.dormant",    true,  "長期未使用後の使用か: yes no", "whether the account had been unused for account.dormant_days")
FACT(ACCOUNT_IDLE,    "account.idle_days",  true,  "前回使用からの日数", "days since the last use before that day")
