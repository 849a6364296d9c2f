/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The columns of ledgers/devices.csv: COLUMN(id, required, names).  Names are
 * as sheet_key() folds them; the first is the one that messages use.
 */
COLUMN(ID,         true,  "管理番号|機器番号|資産番号|no.|no|番号")
COLUMN(MAKER,      false, "メーカー|メーカ|製造元")
COLUMN(OS,         false, "os")
COLUMN(SOFTWARE,   false, "ソフトウェア|ソフトウエア|ソフト")
COLUMN(VERSION,    false, "ソフトウェアバージョン|ソフトウエアバージョン|バージョン")
COLUMN(IP,         false, "ipアドレス|ip")
COLUMN(NAME,       false, "コンピュータ名|コンピューター名|機器名|ホスト名")
COLUMN(PLACE,      false, "設置場所|場所")
COLUMN(USERS,      false, "利用者|使用者")
COLUMN(REGISTERED, false, "登録日|導入日")
COLUMN(STATE,      false, "状態")
COLUMN(NOTE,       false, "説明|備考")
COLUMN(EXTERNAL,   false, "外部通信|インターネット通信")
COLUMN(EDGE,       false, "外部接続点")
COLUMN(REMOTE,     false, "リモート保守|リモートメンテナンス|遠隔保守")
COLUMN(ADMIN,      false, "管理者ログオン|管理者ログイン")
COLUMN(OWNER,      false, "管理主体")
COLUMN(VENDOR,     false, "事業者|保守事業者|保守業者")
COLUMN(MAC,        false, "mac|macアドレス")
COLUMN(IMPORTANCE, false, "業務重要度|重要度")
COLUMN(LOGGING,    false, "ログ送信|ログ")
COLUMN(KIND,       false, "種別|機器種別|役割")
COLUMN(ZONE,       false, "タイムゾーン|時刻帯")
COLUMN(SITE,       false, "施設|施設名|拠点|院所")
COLUMN(FORMAT,     false, "ログ書式|ログ形式")
