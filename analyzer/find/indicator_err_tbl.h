/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* INDICATOR_ERR(id, en, ja): why a value is not searched for. */
INDICATOR_ERR(OK, "nothing is wrong", "問題ありません")
INDICATOR_ERR(EMPTY, "there is no value", "値がありません")
INDICATOR_ERR(SHORT, "too short: it would be found everywhere; write at least 2 characters, of a name at least one label of 2 letters", "短すぎます（どこにでも一致します）。2文字以上、名前では2文字以上の部分が必要です")
INDICATOR_ERR(LONG, "longer than 512 bytes: write a part that is certain to be there", "512バイトを超えています。確実に含まれる一部を書いてください")
INDICATOR_ERR(CONTROL, "it holds control characters or is no text: a log line would hold them otherwise", "制御文字を含むか、文字として読めません")
INDICATOR_ERR(ENCODING, "a character of it is neither UTF-8 nor CP932: save the list as CSV UTF-8", "UTF-8でもCP932でもない文字があります。「CSV UTF-8」で保存し直してください")
INDICATOR_ERR(ADDRESS, "no IP address: write 192.0.2.7, 192.0.2.0/24 or 2001:db8::1; of a range its networks", "IPアドレスではありません。192.0.2.7、192.0.2.0/24、2001:db8::1 の形で書いてください（範囲はネットワークに分けてください）")
INDICATOR_ERR(NAME, "no name: labels of letters, digits, - and _ with dots between; of a Japanese name its xn-- form", "名前の形ではありません。英数字・-・_ をドットで区切って書いてください（日本語ドメインはxn--の形）")
INDICATOR_ERR(HASH, "no hash: 32, 40, 56, 64, 96 or 128 digits of hex", "ハッシュ値ではありません。16進32・40・56・64・96・128桁のいずれかで書いてください")
INDICATOR_ERR(URL, "no host is in this URL", "このURLにはホスト名がありません")
INDICATOR_ERR(TYPE, "a type that is not known: address, network, name, url, hash or word", "種別がわかりません。address・network・name・url・hash・word のいずれかにしてください")
