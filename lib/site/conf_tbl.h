/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * CONF(section, key, type, struct, member, default, min, max, choices,
 *     English, Japanese): every key of konseki.yml.  default NULL: must be
 * given.  min and max: of a number its value, of a text its bytes, of a list
 * its items.  SECTION rows are the maps that other sections stand in.
 */
CONF(ROOT, "site", SECTION, site, name, "", SITE, 0, NULL,
    "who and where the site is", "施設の名称と地域")
CONF(ROOT, "logs", LOGS, site, logs, NULL, 2, SITE_LOGS_MAX, NULL,
    "the logs, by name; evidence and casebook must be among them",
    "ログの一覧（名前: 設定）。evidenceとcasebookは必須")
CONF(ROOT, "keys", PATH, site, keys, "keys", 1, 1024, NULL,
    "folder of the signing keys; only the signer reads it",
    "署名鍵のフォルダー（署名プロセスだけが読む）")
CONF(ROOT, "run", PATH, site, run, "run", 1, 1024, NULL,
    "folder of sockets and of what is running", "ソケットと稼働状態のフォルダー")
CONF(ROOT, "cache", PATH, site, cache, "cache", 1, 1024, NULL,
    "folder of what can be computed again", "再計算できるデータのフォルダー")
CONF(ROOT, "reports", PATH, site, reports, "reports", 1, 1024, NULL,
    "folder that reports are written to", "報告書の出力先フォルダー")
CONF(ROOT, "user", TEXT, site, user, "konseki", 1, 32, NULL,
    "account to become when started as root",
    "rootで起動されたときに切り替える利用者")
CONF(ROOT, "group", TEXT, site, group, "konseki", 1, 32, NULL,
    "group that may read the logs and use the socket",
    "ログの閲覧とソケットの利用を許すグループ")
CONF(ROOT, "drill", BOOL, site, drill, "no", 0, 0, NULL,
    "nothing here is real: each message and page says that it is a drill; konseki drill makes such sites",
    "訓練用の施設（通報と帳票すべてに「訓練」と表示。konseki drillが作成）")
CONF(ROOT, "writer", SECTION, site, name, "", WRITER, 0, NULL,
    "how the collector works", "収集の動作")
CONF(ROOT, "listeners", LISTENERS, site, listeners, "", 0, SITE_LISTENERS_MAX, NULL,
    "where logs are received", "ログの受信口")
CONF(ROOT, "watch", WATCHES, site, watches, "", 0, SITE_WATCHES_MAX, NULL,
    "files of this machine to follow", "追跡する本機のファイル")
CONF(ROOT, "anchor", SECTION, site, name, "", ANCHOR, 0, NULL,
    "where proof is kept outside this machine", "本機の外に残す証拠の控え")
CONF(ROOT, "forward", FORWARDS, site, forwards, "", 0, SITE_FORWARDS_MAX, NULL,
    "other collectors that records are sent on to, once they are sealed",
    "封印済みの記録を転送する、ほかの収集機")
CONF(ROOT, "retention", SECTION, site, name, "", RETENTION, 0, NULL,
    "who may have evidence deleted", "証拠の削除を承認できる人")
CONF(ROOT, "analyzer", SECTION, site, name, "", ANALYZER, 0, NULL,
    "what the analysis goes by", "分析の拠り所")
CONF(ROOT, "mail", SECTION, site, name, "", MAIL, 0, NULL,
    "how escalations are mailed", "通報メールの送り方")
CONF(ROOT, "roles", SECTION, site, name, "", ROLES, 0, NULL,
    "who may do what: groups, or user:NAME; without any everybody who may use the socket may",
    "役割ごとの権限（グループ名、または user:利用者名。指定がなければソケットを使える全員）")
CONF(ROOT, "escalation", SECTION, site, name, "", ESCALATION, 0, NULL,
    "when and how people are called", "通報の条件と手段")
CONF(ROOT, "review", SECTION, site, name, "", REVIEW, 0, NULL,
    "until when a week's review is signed", "週次確認の署名の期限")
CONF(ROOT, "handover", SECTION, site, name, "", HANDOVER, 0, NULL,
    "what packages of evidence are signed with", "証拠の引渡しパッケージへの署名")

CONF(SITE, "name", TEXT, site, name, "", 0, 200, NULL,
    "the hospital's name, for reports and mails", "施設名（報告書とメールに記載）")
CONF(SITE, "zone", ZONE, site, zone, "+09:00", 0, 0, NULL,
    "offset from UTC of the site's clocks", "施設の時計のUTCからの差")
CONF(SITE, "language", CHOICE, site, language, "ja", 0, 0, "ja|en",
    "language of reports and mails", "報告書とメールの言語")

CONF(LOG, "dir", PATH, site_log, dir, "", 0, 1024, NULL,
    "the log's folder; the log's name if not given",
    "ログのフォルダー（省略時はログの名前）")
CONF(LOG, "origin", ORIGIN, site_log, origin, NULL, 1, 116, NULL,
    "name of the log in its signed notes; never changes",
    "署名付きチェックポイントに記すログの名前（変更不可）")
CONF(LOG, "compression", CHOICE, site_log, compression, "auto", 0, 0, "auto|fast|small=6",
    "auto follows the load", "圧縮の強さ（autoは負荷に合わせる）")
CONF(LOG, "epoch_height", UINT, site_log, epoch_height, "18", 1, 20, NULL,
    "for init: two to this power epochs can be signed",
    "init時: 2のこの乗数だけ署名期間を使える")
CONF(LOG, "epoch_s", UINT, site_log, epoch_s, "600", 10, 86400, NULL,
    "for init: seconds after which a signing key is destroyed",
    "init時: 署名鍵を破棄するまでの秒数")

CONF(LOG, "retention", PERIOD, site_log, retention, "forever", 0, 0, NULL,
    "how long its segments must be kept; then two persons may have them deleted",
    "セグメントを保存すべき期間。過ぎたものは二人の承認で削除できる")

CONF(WRITER, "workers", UINT, site, writer_workers, "3", 0, 16, NULL,
    "threads that hash and compress", "ハッシュと圧縮を行うスレッドの数")
CONF(WRITER, "ring_mib", UINT, site, ring_mib, "32", 4, 256, NULL,
    "MiB of the queue between receiving and writing",
    "受信と書き込みの間のキューの大きさ（MiB）")
CONF(WRITER, "reserve_mib", UINT, site, reserve_mib, "64", 0, 4096, NULL,
    "MiB of disk kept for each log for when its disk is full; 0: none",
    "ディスク満杯に備えてログごとに確保する予備領域（MiB。0なら確保しない）")
CONF(WRITER, "disk_low_percent", UINT, site, disk_low_percent, "20", 0, 99, NULL,
    "per cent of a log's disk: that less is free is recorded (LOG-06); 0: not",
    "ログのディスクの空きがこの割合（%）を下回ると記録する（LOG-06。0なら記録しない）")
CONF(WRITER, "disk_low_days", UINT, site, disk_low_days, "14", 0, 3650, NULL,
    "days: that the free room lasts for less, as it went since the start (a fortnight at most), is recorded (LOG-06); 0: not",
    "空きの減り方（起動以後、最長14日間）から見て、残りがこの日数に満たなければ記録する（LOG-06。0なら記録しない）")
CONF(WRITER, "disk_look_s", UINT, site, disk_look_s, "60", 1, 86400, NULL,
    "seconds from one look for disk_low to the next",
    "disk_low の確認の間隔（秒）")
CONF(WRITER, "disk_warn_percent", UINT, site, disk_warn_percent, "10", 0, 99, NULL,
    "per cent of a log's disk: a warning when less is free; 0: none",
    "ログのディスクの空きがこの割合（%）を下回ると警告する（0なら警告しない）")
CONF(WRITER, "disk_alarm_percent", UINT, site, disk_alarm_percent, "3", 0, 99, NULL,
    "per cent of a log's disk: an alarm when less is free; 0: none",
    "ログのディスクの空きがこの割合（%）を下回ると警報を出す（0なら出さない）")

CONF(LISTENER, "name", NAME, site_listener, name, NULL, 1, SITE_NAME_MAX, NULL,
    "its name in the evidence", "証拠に残す受信口の名前")
CONF(LISTENER, "transport", CHOICE, site_listener, transport, NULL, 0, 0, "udp|tcp|tls|relp|relp-tls|unix-dgram|unix-stream",
    "how logs arrive", "受信方式")
CONF(LISTENER, "address", ADDRESS, site_listener, address, "0.0.0.0", 0, 0, NULL,
    "address to listen on; \"::\" for every one of IPv6",
    "待ち受けるアドレス（IPv6すべては\"::\"）")
CONF(LISTENER, "port", UINT, site_listener, port, "0", 0, 65535, NULL,
    "port to listen on, which must be given (not unix); 0 takes a free one, named in run/listeners",
    "待ち受けるポート（unix以外では必須。0なら空きポート。run/listenersに記す）")
CONF(LISTENER, "path", PATH, site_listener, path, "", 0, 107, NULL,
    "socket that programs of this machine send to (unix)", "本機のプログラムが送るソケットのパス（unix）")
CONF(LISTENER, "mode", CHOICE, site_listener, mode, "0660", 0, 0, "0600|0660|0666",
    "who may send there: the collector, its group, everybody (unix)",
    "送信を許す範囲（順に、収集の利用者・グループ・全員。unix）")
CONF(LISTENER, "log", TEXT, site_listener, log_name, "evidence", 1, SITE_NAME_MAX, NULL,
    "the log that its records go to", "記録先のログ")
CONF(LISTENER, "replay", BOOL, site_listener, replay, "no", 0, 0, NULL,
    "samples and drills: device time is trusted, shown as such",
    "見本・訓練用（機器の時刻を信用し、その旨を表示する）")
CONF(LISTENER, "framing", CHOICE, site_listener, framing, "auto", 0, 0, "auto|octet|lf|nul",
    "how messages are told apart; auto decides for each connection (tcp, tls, unix-stream)",
    "メッセージの区切り（autoは接続ごとに判定。tcp・tls・unix-stream）")
CONF(LISTENER, "encoding", CHOICE, site_listener, encoding, "auto", 0, 0, "auto|utf-8|cp932|euc-jp|iso-2022-jp",
    "encoding of its senders' text, for those who read it; the bytes are kept as they are; auto: it is guessed line by line",
    "送信元の文字コード（閲覧・分析用。バイト列は変換せずに残す。autoは1行ごとに推定）")
CONF(LISTENER, "sources", SOURCES, site_listener, sources, "", 0, SITE_SOURCES_MAX, NULL,
    "senders whose messages are told apart in another way; the first that has the address decides (tcp, tls)",
    "区切り方を変える送信元（アドレスを含む最初の項目に従う。tcpとtls）")
CONF(LISTENER, "max_frame", UINT, site_listener, max_frame, "1048576", 480, 1048576, NULL,
    "bytes of a record; a longer message is kept in pieces (tcp, tls, relp, relp-tls, unix-stream)",
    "1記録の最大バイト数（超える分は分割して残す。tcp・tls・relp・relp-tls・unix-stream）")
CONF(LISTENER, "max_connections", UINT, site_listener, max_connections, "1000", 1, 20000, NULL,
    "connections at a time (tcp, tls, relp, relp-tls, unix-stream)", "同時接続数の上限（tcp・tls・relp・relp-tls・unix-stream）")
CONF(LISTENER, "max_per_source", UINT, site_listener, max_per_source, "500", 1, 20000, NULL,
    "connections of one address at a time, so that one sender cannot take all (tcp, tls, relp, relp-tls)",
    "1つのアドレスからの同時接続数の上限（1台で使い切れないようにする。tcp・tls・relp・relp-tls）")
CONF(LISTENER, "receive_buffer", UINT, site_listener, receive_buffer, "33554432", 65536, 1073741824, NULL,
    "bytes of the kernel's queue (udp)", "カーネルの受信キューのバイト数（udp）")
CONF(LISTENER, "allow", NETS, site_listener, allow, "", 1, SITE_ALLOW_MAX, NULL,
    "address blocks that may send; others are refused, counted and recorded; without it anybody may",
    "送信を許すアドレス帯（他は拒否し、件数を記録する。省略時は制限なし）")
CONF(LISTENER, "rate_limit", UINT, site_listener, rate_limit, "0", 0, 10000000, NULL,
    "records a second of one sender, over all of its connections: what is beyond is dropped and recorded (udp, and tcp and tls with never-stall), or read more slowly (tcp and tls with stall; see backpressure); 0: no limit",
    "1送信元（その全接続の合計）あたりの毎秒の記録数の上限。超過分は捨てて件数を記録する（udp、およびnever-stallのtcp・tls）か、読み出しを遅らせる（stallのtcp・tls。backpressureを参照）。0なら無制限")
CONF(LISTENER, "silence_s", UINT, site_listener, silence_s, "86400", 0, 31536000, NULL,
    "seconds without a message after which a sender is silent that was heard for less than an hour (others: twice their longest silence); 0: none of its senders is ever called silent",
    "観測が1時間未満の送信元を途絶とみなす秒数（他の送信元は最長の間隔の2倍で判断）。0ならこの受信口の途絶を判断しない")
CONF(LISTENER, "backpressure", CHOICE, site_listener, backpressure, "auto", 0, 0, "auto|stall|never-stall",
    "when nothing can be written: stall lets the sender wait, never-stall goes on reading and records what it must drop; auto is never-stall for tcp and stall for the others (tcp, tls, unix-stream; RELP always waits)",
    "書き込めないとき、stallは送信元を待たせ、never-stallは読み続けて捨てた分を記録する（autoはtcpでnever-stall、それ以外でstall。tcp・tls・unix-stream。RELPは常に待たせる）")
CONF(LISTENER, "certificate", PATH, site_listener, certificate, "", 0, 1024, NULL,
    "the server's certificate and chain, PEM (tls, relp-tls)",
    "サーバー証明書と中間証明書（PEM。tls・relp-tls）")
CONF(LISTENER, "key", PATH, site_listener, key, "", 0, 1024, NULL,
    "the certificate's private key, PEM (tls, relp-tls)", "証明書の秘密鍵（PEM。tls・relp-tls）")
CONF(LISTENER, "client_ca", PATH, site_listener, client_ca, "", 0, 1024, NULL,
    "certificates that a sender's certificate must lead to, PEM; then each sender needs one (tls, relp-tls)",
    "送信元の証明書を発行した認証局の証明書（PEM）。指定すると送信元の証明書が必須になる（tls・relp-tls）")
CONF(LISTENER, "client_fingerprints", STRINGS, site_listener, client_fingerprints, "", 0, SITE_CLIENTS_MAX, NULL,
    "SHA-256 fingerprints (sha-256:AA:BB:...) of the senders' certificates; without client_ca, self-signed ones are taken (tls, relp-tls)",
    "受け入れる送信元証明書のSHA-256指紋（sha-256:AA:BB:...）。client_caなしなら自己署名証明書も受け入れる（tls・relp-tls）")
CONF(LISTENER, "client_names", STRINGS, site_listener, client_names, "", 0, SITE_CLIENTS_MAX, NULL,
    "names or addresses of which a sender's certificate needs one as its subjectAltName, *.example.jp for any one label; with client_ca (tls, relp-tls)",
    "送信元証明書のsubjectAltNameにあるべき名前またはアドレス（*.example.jpは先頭の1ラベルに一致）。client_caとともに使う（tls・relp-tls）")
CONF(LISTENER, "crl", PATH, site_listener, crl, "", 0, 1024, NULL,
    "revocation lists of client_ca's authorities, PEM; without one in force nobody is let in (tls, relp-tls)",
    "client_caの認証局の失効リスト（PEM）。有効な失効リストがない間は誰も接続できない（tls・relp-tls）")
CONF(LISTENER, "tls_profile", CHOICE, site_listener, tls_profile, "modern", 0, 0, "modern|legacy",
    "legacy also speaks TLS 1.0 and 1.1 with old ciphers and short keys, for appliances that know nothing better (tls, relp-tls)",
    "legacyは古い機器のため、TLS 1.0・1.1と古い暗号・短い鍵も受け入れる（tls・relp-tls）")

CONF(SOURCE, "addresses", NETS, site_source, addresses, NULL, 1, SITE_SOURCES_MAX, NULL,
    "address blocks of these senders", "その送信元のアドレス帯")
CONF(SOURCE, "framing", CHOICE, site_source, framing, NULL, 0, 0, "auto|octet|lf|nul",
    "how their messages are told apart", "その送信元のメッセージの区切り")

CONF(WATCH, "name", NAME, site_watch, name, NULL, 1, SITE_NAME_MAX, NULL,
    "its name in the evidence", "証拠に残す名前")
CONF(WATCH, "path", PATH, site_watch, path, NULL, 1, 1024, NULL,
    "the file, without wildcards; when it is rotated its successor is followed",
    "ファイルのパス（ワイルドカードは使えない。ローテーション後は新しいファイルを追う）")
CONF(WATCH, "encoding", CHOICE, site_watch, encoding, "auto", 0, 0, "auto|utf-8|cp932|euc-jp|utf-16le|utf-16be|iso-2022-jp",
    "its encoding; auto knows UTF-16 by its byte order mark, the analysis guesses the others",
    "文字コード（autoはBOMでUTF-16を判別。他は分析時に推定）")
CONF(WATCH, "log", TEXT, site_watch, log_name, "evidence", 1, SITE_NAME_MAX, NULL,
    "the log that its lines go to", "記録先のログ")

CONF(ANCHOR, "copy", PATH, site, anchor.copy, "", 0, 1024, NULL,
    "folder on another machine or medium that the logs are copied to: checkpoints, and segments once they are closed",
    "ログを複写する、別の機器や媒体のフォルダー（チェックポイントと、閉じたセグメント）")
CONF(ANCHOR, "every_s", UINT, site, anchor.every_s, "60", 1, 86400, NULL,
    "seconds from one copy to the next", "複写の間隔（秒）")
CONF(ANCHOR, "witnesses", WITNESSES, site, anchor.witnesses, "", 0, SITE_WITNESSES_MAX, NULL,
    "who cosigns the checkpoints (C2SP tlog-witness); best two, in other hands",
    "チェックポイントに連署する証人（C2SP tlog-witness）。管理者の異なる2か所が望ましい")
CONF(ANCHOR, "tsa", TSAS, site, anchor.tsas, "", 0, SITE_TSAS_MAX, NULL,
    "who stamps the checkpoints with the time (RFC 3161)",
    "チェックポイントに時刻を付すタイムスタンプ局（RFC 3161）")
CONF(ANCHOR, "relay", SECTION, site, name, "", RELAY, 0, NULL,
    "a second collector that keeps the closed files",
    "閉じたファイルの写しを預ける、もう一つの収集機")

CONF(WITNESS, "url", WEBURL, site_witness, url, NULL, 1, 255, NULL,
    "address of the witness, without add-checkpoint",
    "証人のアドレス（add-checkpointを除く）")
CONF(WITNESS, "vkey", TEXT, site_witness, vkey, NULL, 1, 400, NULL,
    "its key, as 'konseki-witness init' or the witness's owner gives it",
    "証人の検証鍵（konseki-witness initまたは証人の管理者が示すもの）")
CONF(WITNESS, "ca", PATH, site_witness, ca, "", 0, 1024, NULL,
    "certificates to trust for https, PEM; the system's if not given",
    "httpsで信頼する認証局の証明書（PEM。省略時はシステムのもの）")
CONF(WITNESS, "every_s", UINT, site_witness, every_s, "60", 1, 86400, NULL,
    "seconds from one cosignature to the next", "連署を求める間隔（秒）")

CONF(TSA, "url", WEBURL, site_tsa, url, NULL, 1, 255, NULL,
    "address of the authority", "タイムスタンプ局のアドレス")
CONF(TSA, "ca", PATH, site_tsa, ca, NULL, 1, 1024, NULL,
    "certificates that its tokens must lead to, PEM: the self-signed ones are trusted, the others help",
    "トークンの検証に使う証明書（PEM。自己署名のものを信頼し、他は中間証明書とする）")
CONF(TSA, "https_ca", PATH, site_tsa, https_ca, "", 0, 1024, NULL,
    "certificates to trust for https, PEM; the system's if not given",
    "httpsで信頼する認証局の証明書（PEM。省略時はシステムのもの）")
CONF(TSA, "every_s", UINT, site_tsa, every_s, "3600", 1, 604800, NULL,
    "seconds from one token to the next: 3600 hourly, 86400 daily",
    "トークンを取得する間隔（秒。3600なら毎時、86400なら毎日）")
CONF(TSA, "policy", TEXT, site_tsa, policy, "", 0, 127, NULL,
    "policy to ask for, in figures and dots; the authority's own if not given",
    "求めるポリシーのOID（省略時はタイムスタンプ局の既定）")

CONF(RELAY, "url", WEBURL, site, anchor.relay.url, "", 0, 255, NULL,
    "address of the 'konseki-witness' that keeps the copies",
    "写しを預かるkonseki-witnessのアドレス")
CONF(RELAY, "secret_file", PATH, site, anchor.relay.secret_file, "", 0, 1024, NULL,
    "file whose first line is the secret shared with it",
    "相手と共有する秘密を1行目に書いたファイル")
CONF(RELAY, "ca", PATH, site, anchor.relay.ca, "", 0, 1024, NULL,
    "certificates to trust for https, PEM; the system's if not given",
    "httpsで信頼する認証局の証明書（PEM。省略時はシステムのもの）")

CONF(FORWARD, "name", NAME, site_forward, name, NULL, 1, SITE_NAME_MAX, NULL,
    "its name in messages and records", "メッセージと記録に残す転送先の名前")
CONF(FORWARD, "url", TARGET, site_forward, url, NULL, 1, 300, NULL,
    "how and where to; port 2514 (relp), 6514 (syslog+tls) or 514 (syslog+tcp) if not given",
    "転送方式と宛先（ポート省略時はrelpで2514、syslog+tlsで6514、syslog+tcpで514）")
CONF(FORWARD, "log", TEXT, site_forward, log_name, "evidence", 1, SITE_NAME_MAX, NULL,
    "the log whose records are sent", "転送するログ")
CONF(FORWARD, "form", CHOICE, site_forward, form, "record", 0, 0, "record|plain",
    "record: every record whole, in an RFC 5424 message; plain: received messages as they came",
    "record: すべての記録をRFC 5424の形で完全に転送、plain: 受信したメッセージをそのまま転送")
CONF(FORWARD, "from", CHOICE, site_forward, from, "start", 0, 0, "start|now",
    "where the first run begins: the log's first record, or what comes then",
    "最初の転送の開始点（ログの先頭、または設定以後の記録）")
CONF(FORWARD, "max_message", UINT, site_forward, max_message, "1069056", 480, 1069056, NULL,
    "bytes of a message that the target takes; a longer one is not sent, which is recorded; the default is a record of the greatest size with its envelope",
    "転送先が受け取れるメッセージの最大バイト数（超える記録は転送せず、その旨を記録する。既定値は最大の記録をRFC 5424の形にした大きさ）")
CONF(FORWARD, "ca", PATH, site_forward, ca, "", 0, 1024, NULL,
    "certificates to trust, PEM; the system's if neither it nor a fingerprint is given (tls)",
    "信頼する認証局の証明書（PEM。fingerprintもなければシステムのもの。tls）")
CONF(FORWARD, "fingerprint", TEXT, site_forward, fingerprint, "", 0, 103, NULL,
    "SHA-256 of the target's certificate in hex, as openssl x509 -fingerprint -sha256 prints it (tls)",
    "転送先の証明書のSHA-256（openssl x509 -fingerprint -sha256の値。tls）")
CONF(FORWARD, "server_name", TEXT, site_forward, server_name, "", 0, 253, NULL,
    "the name or address in the target's certificate; the host of url if not given (tls)",
    "転送先の証明書にある名前（省略時はurlのホスト。tls）")
CONF(FORWARD, "certificate", PATH, site_forward, certificate, "", 0, 1024, NULL,
    "our certificate and chain, PEM, for a target that asks for one (tls)",
    "こちらの証明書と中間証明書（PEM。転送先が求める場合。tls）")
CONF(FORWARD, "key", PATH, site_forward, key, "", 0, 1024, NULL,
    "the certificate's private key, PEM (tls)", "証明書の秘密鍵（PEM。tls）")

CONF(RETENTION, "approvers", STRINGS, site, approvers, "", 0, SITE_APPROVERS_MAX, NULL,
    "public keys of those who approve, as `konseki retention key` prints them; without any, two accounts do",
    "承認者の公開鍵（`konseki retention key`の出力）。なければ異なる二つの利用者アカウントで承認する")

CONF(ANALYZER, "rules", PATH, site, analyzer.rules, "", 0, 1024, NULL,
    "folder with formats, detection, profiles and data; those that come with konseki if not given",
    "formats・detection・profiles・dataのあるフォルダー（省略時は付属のもの）")
CONF(ANALYZER, "profile", TEXT, site, analyzer.profile, "hospital", 1, 64, NULL,
    "the set of rules and limits in force", "適用するルールとしきい値の組")
CONF(ANALYZER, "verify_hours", UINT, site, analyzer.verify_hours, "24", 0, 720, NULL,
    "hours from one verification of the logs by konseki watch to the next (LOG-03); 0: none",
    "konseki watchがログを検証する間隔（時間。LOG-03。0なら検証しない）")
CONF(ANALYZER, "internal", NETS, site, analyzer.internal,
    "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7", 1, 256, NULL,
    "address blocks that are inside", "内部とみなすアドレス帯")
CONF(ANALYZER, "vpn", NETS, site, analyzer.vpn, "", 0, 256, NULL,
    "address blocks that VPN clients get", "VPN接続に割り当てるアドレス帯")
CONF(ANALYZER, "ledgers", SECTION, site, name, "", LEDGERS, 0, NULL,
    "the ledgers that findings are judged by", "照合に使う台帳")
CONF(ANALYZER, "calendar", PATH, site, analyzer.calendar, "calendar.yml", 1, 1024, NULL,
    "working hours and days off", "勤務時間と休日")
CONF(ANALYZER, "contacts", PATH, site, analyzer.contacts, "contacts.yml", 1, 1024, NULL,
    "who is called, in which order", "連絡先と連絡順")

CONF(LEDGERS, "devices", PATH, site, analyzer.devices, "ledgers/devices.csv", 1, 1024, NULL,
    "devices and servers", "機器台帳")
CONF(LEDGERS, "accounts", PATH, site, analyzer.accounts, "ledgers/accounts.csv", 1, 1024, NULL,
    "accounts and their expiry", "アカウント台帳（有効期限つき）")
CONF(LEDGERS, "maintenance", PATH, site, analyzer.maintenance, "ledgers/maintenance.csv", 1, 1024, NULL,
    "planned maintenance", "保守作業の予定")
CONF(LEDGERS, "exceptions", PATH, site, analyzer.exceptions, "ledgers/exceptions.csv", 1, 1024, NULL,
    "what is known and no reason to call anybody", "既知のため通知しない検知（例外）")
CONF(LEDGERS, "duty", PATH, site, analyzer.duty, "ledgers/duty.csv", 1, 1024, NULL,
    "who is on duty when", "当直表")
CONF(LEDGERS, "people", PATH, site, analyzer.people, "ledgers/people.csv", 1, 1024, NULL,
    "who works here and who has left, by the personnel office", "在職・退職・異動の一覧（人事）")
CONF(LEDGERS, "exported", PATH, site, analyzer.exported, "ledgers/exported.csv", 1, 1024, NULL,
    "accounts that devices and directories have, as exported", "機器・ADから出力したID一覧")
CONF(LEDGERS, "identities", PATH, site, analyzer.identities, "ledgers/identities.csv", 1, 1024, NULL,
    "IDs of one person on several systems", "ID対応表（同じ人のシステムごとのID）")
CONF(LEDGERS, "networks", PATH, site, analyzer.networks, "ledgers/networks.csv", 1, 1024, NULL,
    "whose networks are: AS number, country, place, institution", "ネットワークのAS番号・国・位置・施設の表")
CONF(LEDGERS, "patients", PATH, site, analyzer.patients, "ledgers/patients.csv", 1, 1024, NULL,
    "patients whose records are looked at with care, and who treats them", "患者の一覧（要配慮・担当）")

CONF(ROLES, "operators", STRINGS, site, roles.operators, "", 0, 32, NULL,
    "system operators: take cases, note, keep evidence, hold drills",
    "システム運用担当者（引受・記入・保全・訓練）")
CONF(ROLES, "planners", STRINGS, site, roles.planners, "", 0, 32, NULL,
    "planning managers: judge, sign weekly sheets, hand evidence over, too",
    "企画管理者（加えて判定・週次確認票の署名・証拠の引渡し）")
CONF(ROLES, "safety", STRINGS, site, roles.safety, "", 0, 32, NULL,
    "safety managers: release and delete evidence, too",
    "医療情報システム安全管理責任者（加えて保全の解除・証拠の削除）")
CONF(ROLES, "auditors", STRINGS, site, roles.auditors, "", 0, 32, NULL,
    "auditors: look and verify, nothing else",
    "監査者（閲覧と検証のみ）")

CONF(MAIL, "server", MAILURL, site, mail.server, "", 0, 255, NULL,
    "smtp://host:port or smtps://host:port; without it nothing is mailed",
    "smtp://ホスト:ポートまたはsmtps://（省略時はメールを送らない）")
CONF(MAIL, "tls", CHOICE, site, mail.tls, "required", 0, 0, "required|opportunistic|none",
    "whether a mail may go without TLS", "TLSなしの送信を許すか")
CONF(MAIL, "ca", PATH, site, mail.ca, "", 0, 1024, NULL,
    "certificates to trust, PEM; the system's if not given",
    "信頼する認証局の証明書（PEM。省略時はシステムのもの）")
CONF(MAIL, "from", TEXT, site, mail.from, "", 0, 254, NULL,
    "the sender's address", "差出人のアドレス")
CONF(MAIL, "user", TEXT, site, mail.user, "", 0, 254, NULL,
    "name to log in with", "ログイン名")
CONF(MAIL, "password_file", PATH, site, mail.password_file, "", 0, 1024, NULL,
    "file whose first line is the password", "パスワードを1行目に書いたファイル")

CONF(MAIL, "replies", BOOL, site, mail.replies, "no", 0, 0, NULL,
    "replies to mail.from are piped into konseki case ack --reply, so mails say that one may answer by them",
    "mail.from宛の返信をkonseki case ack --replyに渡している（メールに「返信で応答できる」と書く）")

CONF(ESCALATION, "command", STRINGS, site, escalation.command, "", 0, 32, NULL,
    "program and arguments that also deliver a call; a path from / on",
    "通報を届けるプログラムと引数（/から始まるパス）")
CONF(ESCALATION, "command_timeout_s", UINT, site, escalation.command_timeout_s, "30", 1, 600, NULL,
    "seconds after which the command is stopped", "コマンドを打ち切るまでの秒数")
CONF(ESCALATION, "webhook", WEBURL, site, escalation.webhook, "", 0, 1024, NULL,
    "web address that a call is posted to as JSON (a chat, a gateway for telephones)",
    "通報をJSONでPOSTするURL（チャット、SMSゲートウェイなど）")
CONF(ESCALATION, "webhook_ca", PATH, site, escalation.webhook_ca, "", 0, 1024, NULL,
    "certificates to trust for it, PEM; the system's if not given",
    "そのサーバーの認証局の証明書（PEM。省略時はシステムのもの）")
CONF(ESCALATION, "webhook_auth_file", PATH, site, escalation.webhook_auth_file, "", 0, 1024, NULL,
    "file with the value of the header Authorization, one line",
    "Authorizationヘッダーの値を1行で書いたファイル")
CONF(ESCALATION, "cef", ALARM, site, escalation.cef, "", 0, 300, NULL,
    "another system that watches, which gets a copy of each call (CEF)",
    "通報の複写（CEF）を送る別の監視システム（SIEMなど）")
CONF(ESCALATION, "cef_ca", PATH, site, escalation.cef_ca, "", 0, 1024, NULL,
    "certificates to trust for syslog+tls, PEM; the system's if not given",
    "syslog+tlsの認証局の証明書（PEM。省略時はシステムのもの）")
CONF(ESCALATION, "answer_min", UINT, site, escalation.answer_min, "30", 1, 1440, NULL,
    "minutes without an answer after which the next person is called",
    "応答がないとき次の人へ回すまでの分数")
CONF(ESCALATION, "gather_s", UINT, site, escalation.gather_s, "30", 0, 3600, NULL,
    "seconds that konseki watch waits for what else belongs to a case; for the most severe never",
    "konseki watchが同じ事案の続きを待つ秒数（緊急は待たない）")
CONF(ESCALATION, "repeat_h", UINT, site, escalation.repeat_h, "24", 1, 720, NULL,
    "hours after which the same thing again is worth another call",
    "同じ検知の繰り返しをもう一度通報するまでの時間")
CONF(ESCALATION, "silence_days", UINT, site, escalation.silence_days, "31", 1, 366, NULL,
    "days that a silence may last; for longer there is exceptions.csv",
    "通知停止の最長日数（それより長い場合は例外台帳）")
CONF(ESCALATION, "max_per_hour", UINT, site, escalation.max_per_hour, "20", 1, 1000, NULL,
    "messages an hour; what is beyond waits",
    "1時間あたりの通報数の上限（超えた分は待つ）")

CONF(REVIEW, "remind_days", UINT, site, review.remind_days, "3", 0, 60, NULL,
    "days after the week's end when its reviewer (企画管理者) is reminded that nobody signed its sheet; 0: never",
    "署名のない週次確認票について、週の終わりから企画管理者に催促するまでの日数（0: しない）")
CONF(REVIEW, "escalate_days", UINT, site, review.escalate_days, "7", 0, 90, NULL,
    "days after which the safety manager (安全管理責任者) is told; 0: never",
    "同じく安全管理責任者に連絡するまでの日数（0: しない）")
CONF(REVIEW, "hour", UINT, site, review.hour, "9", 0, 23, NULL,
    "the hour of the day at the site of both: nobody is woken for it",
    "催促と連絡をする時刻（時。夜間に起こさないため）")

CONF(HANDOVER, "dir", PATH, site, handover.dir, "handover", 1, 1024, NULL,
    "folder of the hand-over keys, one for each log; for the operators' group",
    "引渡し鍵のフォルダー（ログごとに1つ。運用担当グループ用）")
CONF(HANDOVER, "certificate", PATH, site, handover.certificate, "", 0, 1024, NULL,
    "the signer's certificate and chain, PEM; without it there is no CMS signature",
    "署名者の証明書と中間証明書（PEM。省略時はCMS署名をしない）")
CONF(HANDOVER, "key", PATH, site, handover.key, "", 0, 1024, NULL,
    "the certificate's private key, PEM, RSA or EC",
    "証明書の秘密鍵（PEM。RSAまたはEC）")
