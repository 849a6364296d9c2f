/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/identities.csv; see device_tbl.h. */
COLUMN(ID,     true,  "ユーザid|ユーザーid|利用者id|台帳のid|userid|id")
COLUMN(OTHER,  true,  "別id|別のid|システムのid|ログのid|対応id")
COLUMN(SYSTEM, false, "システム|対象システム|機器")
