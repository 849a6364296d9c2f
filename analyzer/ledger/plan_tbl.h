/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/maintenance.csv; see device_tbl.h. */
COLUMN(ID,      false, "作業番号|計画番号|管理番号|no.|no")
COLUMN(VENDOR,  false, "事業者|委託先|作業会社")
COLUMN(USERS,   false, "ユーザid|ユーザーid|利用者id|作業者id|id")
COLUMN(DEVICES, false, "対象機器|機器|対象")
COLUMN(FROM,    true,  "開始|開始日時|作業開始|開始時刻|開始時間")
COLUMN(UNTIL,   true,  "終了|終了日時|作業終了|終了時刻|終了時間")
COLUMN(WORK,    false, "内容|作業内容|説明")
COLUMN(ENTERED, false, "登録日時|登録日|記入日時")
COLUMN(DATE,    false, "作業日|実施日|予定日|作業予定日|日付")
