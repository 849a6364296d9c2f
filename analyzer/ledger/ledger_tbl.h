/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* LEDGER(identifier, member of struct ledger_bytes, what people call it). */
LEDGER(DEVICES,     devices,     "機器台帳")
LEDGER(ACCOUNTS,    accounts,    "利用者ID台帳")
LEDGER(MAINTENANCE, maintenance, "作業計画")
LEDGER(DUTY,        duty,        "当直表")
LEDGER(PEOPLE,      people,      "人事の在籍一覧")
LEDGER(EXCEPTIONS,  exceptions,  "例外の一覧")
LEDGER(EXPORTED,    exported,    "機器から出力したID一覧")
LEDGER(IDENTITIES,  identities,  "ID対応表")
LEDGER(NETWORKS,    networks,    "ネットワーク表（AS・国・位置・施設）")
LEDGER(PATIENTS,    patients,    "患者の一覧（担当・要配慮）")
