/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The columns of ledgers/exported.csv; see device_tbl.h.  Those of Active
 * Directory's own lists are among the names.
 */
COLUMN(ID,       true,  "ユーザid|ユーザーid|利用者id|userid|id|アカウント|samaccountname|ログオン名|ユーザ名|ユーザー名|username|name|user")
COLUMN(SYSTEM,   false, "システム|対象システム|機器|機器名|取得元|host|device|server")
COLUMN(ROLE,     false, "権限|役割|グループ|プロファイル|memberof|group|groups|role|profile|accprofile|privilege")
COLUMN(STATE,    false, "状態|有効|enabled|status")
COLUMN(PASSWORD, false, "パスワード変更日|パスワード最終変更日|パスワード設定日|passwordlastset|pwdlastset")
COLUMN(TAKEN,    false, "取得日|出力日|作成日")
