/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * PHASE(identifier, English, Japanese): the steps of an intrusion, in order,
 * and what people did about it.
 */
#ifdef PHASE
PHASE(ENTRY, "entry", "侵入")
PHASE(DISCOVERY, "discovery", "探索")
PHASE(LATERAL, "lateral", "横展開")
PHASE(EXFILTRATION, "exfiltration", "持出し")
PHASE(DESTRUCTION, "destruction", "破壊")
PHASE(RESPONSE, "response", "対応")
PHASE(NONE, "other", "未分類")
#endif

/*
 * TACTIC(name in tags of Sigma, phase): for techniques without a row below.
 */
#ifdef TACTIC
TACTIC("reconnaissance", DISCOVERY)
TACTIC("resource-development", ENTRY)
TACTIC("initial-access", ENTRY)
TACTIC("execution", ENTRY)
TACTIC("persistence", ENTRY)
TACTIC("privilege-escalation", ENTRY)
TACTIC("defense-evasion", DESTRUCTION)
TACTIC("credential-access", ENTRY)
TACTIC("discovery", DISCOVERY)
TACTIC("lateral-movement", LATERAL)
TACTIC("collection", EXFILTRATION)
TACTIC("command-and-control", EXFILTRATION)
TACTIC("exfiltration", EXFILTRATION)
TACTIC("impact", DESTRUCTION)
#endif

/*
 * TECHNIQUE(ATT&CK id, phase, English, Japanese): a sub-technique that has no
 * row has that of the part before the dot.  Names in English are ATT&CK's.
 */
#ifdef TECHNIQUE
TECHNIQUE("T1046", DISCOVERY, "Network Service Discovery", "ネットワークサービスの探索")
TECHNIQUE("T1018", DISCOVERY, "Remote System Discovery", "他の機器の探索")
TECHNIQUE("T1087", DISCOVERY, "Account Discovery", "アカウントの探索")
TECHNIQUE("T1110", ENTRY, "Brute Force", "パスワードの総当たり・使い回しの試行")
TECHNIQUE("T1078", ENTRY, "Valid Accounts", "正規のアカウントの利用")
TECHNIQUE("T1133", ENTRY, "External Remote Services", "外部からのリモート接続サービスの利用")
TECHNIQUE("T1190", ENTRY, "Exploit Public-Facing Application", "公開機器の脆弱性の利用")
TECHNIQUE("T1098", ENTRY, "Account Manipulation", "アカウントの改変")
TECHNIQUE("T1136", ENTRY, "Create Account", "アカウントの作成")
TECHNIQUE("T1021", LATERAL, "Remote Services", "内部の機器への遠隔接続")
TECHNIQUE("T1570", LATERAL, "Lateral Tool Transfer", "内部でのツールの受け渡し")
TECHNIQUE("T1005", EXFILTRATION, "Data from Local System", "機器内のデータの収集")
TECHNIQUE("T1560", EXFILTRATION, "Archive Collected Data", "集めたデータの圧縮")
TECHNIQUE("T1041", EXFILTRATION, "Exfiltration Over C2 Channel", "遠隔操作の通信を使った持出し")
TECHNIQUE("T1048", EXFILTRATION, "Exfiltration Over Alternative Protocol", "別の通信手段による持出し")
TECHNIQUE("T1567", EXFILTRATION, "Exfiltration Over Web Service", "Webサービスへの持出し")
TECHNIQUE("T1030", EXFILTRATION, "Data Transfer Size Limits", "少量ずつの持出し")
TECHNIQUE("T1071", EXFILTRATION, "Application Layer Protocol", "一般的な通信に紛れた外部との通信")
TECHNIQUE("T1562.004", ENTRY, "Disable or Modify System Firewall", "ファイアウォール設定の変更・無効化")
TECHNIQUE("T1562", DESTRUCTION, "Impair Defenses", "防御・記録の無効化")
TECHNIQUE("T1070", DESTRUCTION, "Indicator Removal", "痕跡の消去")
TECHNIQUE("T1485", DESTRUCTION, "Data Destruction", "データの破壊")
TECHNIQUE("T1486", DESTRUCTION, "Data Encrypted for Impact", "データの暗号化")
TECHNIQUE("T1489", DESTRUCTION, "Service Stop", "サービスの停止")
TECHNIQUE("T1490", DESTRUCTION, "Inhibit System Recovery", "復旧手段の妨害")
TECHNIQUE("T1529", DESTRUCTION, "System Shutdown/Reboot", "機器の停止・再起動")
#endif
