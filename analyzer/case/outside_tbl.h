/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of a table of contacts, by the names that the guidance's forms
 * and hospitals give them; see device_tbl.h. */
COLUMN(NAME,      false, "外部関係機関|機関|名称|氏名|担当|担当者|name")
COLUMN(OF,        false, "システム|部署名|役割|role")
COLUMN(COMPANY,   false, "事業者|会社|会社名")
COLUMN(CONTACT,   true,  "連絡先|電話|電話番号|phone")
COLUMN(MAIL,      false, "メール|メールアドレス|mail")
COLUMN(OTHER,     false, "その他手段|その他")
COLUMN(PURPOSE,   false, "連絡目的|目的|purpose")
COLUMN(HOURS,     false, "時間帯|受付時間|hours")
COLUMN(CONFIRMED, false, "確認日|confirmed")
COLUMN(TELLS,     false, "連絡する人|連絡者|tells")
