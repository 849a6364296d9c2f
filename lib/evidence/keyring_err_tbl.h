/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* KEYRING_ERR(identifier, English, Japanese) */
KEYRING_ERR(OK, "fine", "正常")
KEYRING_ERR(EXISTS, "there are keys here already; nothing was changed",
    "鍵がすでにあります。何も変更していません")
KEYRING_ERR(ABSENT, "there are no keys here", "ここに鍵はありません")
KEYRING_ERR(LOCKED, "another signer uses these keys",
    "別の署名プロセスがこの鍵を使用中です")
KEYRING_ERR(SYSTEM, "the operating system refused",
    "OSの呼び出しに失敗しました")
KEYRING_ERR(BAD_STATE, "a file of the keys folder is not as the signer wrote it",
    "鍵フォルダーのファイルが署名プロセスの書いた内容ではありません")
KEYRING_ERR(BAD_ARGUMENT, "not an origin or tree height that the format allows",
    "形式で認められないoriginまたは木の高さです")
KEYRING_ERR(CRYPTO, "the cryptographic library failed",
    "暗号ライブラリがエラーを返しました")
