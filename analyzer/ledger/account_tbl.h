/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/accounts.csv; see device_tbl.h. */
COLUMN(NUMBER,     false, "no.|no|番号")
COLUMN(DEPARTMENT, false, "所属部署|利用者属性|所属|部署|職種")
COLUMN(SURNAME,    false, "性|姓")
COLUMN(GIVEN,      false, "名")
COLUMN(FULL_NAME,  false, "氏名|名前")
COLUMN(PHONE,      false, "電話番号|電話|内線")
COLUMN(ID,         true,  "ユーザid|ユーザーid|利用者id|id|userid|アカウント")
COLUMN(NOTE,       false, "説明|備考")
COLUMN(ROLE,       false, "権限")
COLUMN(STATE,      true,  "状態")
COLUMN(ISSUED,     false, "発行日|登録日|付与日")
COLUMN(KIND,       false, "種別|id種別")
COLUMN(VENDOR,     false, "事業者|委託先|会社")
COLUMN(SHIFTS,     false, "勤務|勤務形態|勤務区分")
COLUMN(SOURCES,    false, "接続元|接続元アドレス|許可接続元")
COLUMN(SYSTEM,     false, "システム|対象システム")
