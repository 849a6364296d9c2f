/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/duty.csv; see device_tbl.h. */
COLUMN(DATE,  true,  "日付|当直日|年月日")
COLUMN(USERS, true,  "ユーザid|ユーザーid|利用者id|id")
COLUMN(FROM,  false, "開始|開始時刻")
COLUMN(UNTIL, false, "終了|終了時刻")
COLUMN(WORK,  false, "内容|当直|区分")
