# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests of TLS senders; read after tests/system/site.sh. Authorities
# and certificates lie in $P, made by openssl ca, which also revokes them.
# shellcheck disable=SC2154 # T, port, wait_for: tests/lib.sh, site.sh

P=$T/pki
tls_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'

# tls_quiet COMMAND...: openssl, which talks; a failure ends the test.
tls_quiet() {
	"$@" >"$T/openssl.err" 2>&1 || { diag "$* $(cat "$T/openssl.err")"; exit 99; }
}

# authority NAME: $P/NAME.pem, with what openssl ca needs.
authority() {
	mkdir -p "$P/$1.ca"
	: >"$P/$1.ca/index"
	echo 1000 >"$P/$1.ca/serial"
	echo 01 >"$P/$1.ca/crlnumber"
	cat >"$P/$1.ca/conf" <<-END
	[ca]
	default_ca = it
	[it]
	database = $P/$1.ca/index
	serial = $P/$1.ca/serial
	crlnumber = $P/$1.ca/crlnumber
	new_certs_dir = $P/$1.ca
	certificate = $P/$1.pem
	private_key = $P/$1.key
	default_md = sha256
	policy = any
	default_crl_days = 7
	unique_subject = no
	copy_extensions = none
	[any]
	commonName = optional
	organizationName = optional
	END
	# shellcheck disable=SC2086 # options
	tls_quiet openssl req -x509 $tls_key -keyout "$P/$1.key" \
	    -out "$P/$1.pem" -days 30 -subj "/CN=$1" \
	    -addext keyUsage=critical,keyCertSign,cRLSign
}

# client CA NAME SAN [OPTION...]: $P/NAME.pem and NAME.key, issued by CA; SAN "":
# none. Options are those of openssl ca: -startdate, -enddate, -days.
client() {
	client_ca=$1 client_name=$2
	{
		echo "extendedKeyUsage=${client_usage:-clientAuth}"
		[ -z "$3" ] || echo "subjectAltName=$3"
	} >"$P/ext"
	shift 3
	[ $# -gt 0 ] || set -- -days 7
	# shellcheck disable=SC2086 # options
	tls_quiet openssl req $tls_key -keyout "$P/$client_name.key" \
	    -out "$P/csr" -subj "${client_subject:-/CN=$client_name}" -utf8
	tls_quiet openssl ca -batch -notext -config "$P/$client_ca.ca/conf" \
	    -in "$P/csr" -out "$P/$client_name.pem" -extfile "$P/ext" -utf8 "$@"
}

# revoke CA NAME; list CA FILE [OPTION...]: a revocation list of the authority.
revoke() {
	tls_quiet openssl ca -config "$P/$1.ca/conf" -revoke "$P/$2.pem"
}
list() {
	list_ca=$1 list_file=$2
	shift 2
	tls_quiet openssl ca -config "$P/$list_ca.ca/conf" -gencrl \
	    -out "$list_file" "$@"
}

# selfsigned NAME: $P/NAME.pem that nobody issued.
selfsigned() {
	# shellcheck disable=SC2086 # options
	tls_quiet openssl req -x509 $tls_key -keyout "$P/$1.key" \
	    -out "$P/$1.pem" -days 7 -subj "/CN=$1"
}

# hash NAME: SHA-256 of the certificate, as the evidence has it; fingerprint
# NAME: as people write it.
hash() {
	openssl x509 -in "$P/$1.pem" -outform DER | sha256sum | cut -d ' ' -f 1
}
fingerprint() {
	openssl x509 -in "$P/$1.pem" -noout -fingerprint -sha256 |
	    sed 's/.*=/sha-256:/'
}

# say LISTENER TEXT NAME [OPTION...]: a line by TLS with NAME's certificate; ""
# none.
say() {
	say_to=$(port "$1") say_text=$2 say_name=$3
	shift 3
	[ -z "$say_name" ] ||
	    set -- -cert "$P/$say_name.pem" -key "$P/$say_name.key" "$@"
	printf '%s\n' "$say_text" | openssl s_client -quiet -no_ign_eof \
	    -nocommands -connect "127.0.0.1:$say_to" -CAfile "$T/ca.pem" \
	    -verify_return_error "$@" >"$T/say.out" 2>"$T/say.err"
}

# refused NAME LISTENER CAUSE [SENDER]: a check that a g1 says so, and with
# SENDER that it names his certificate.
refused() {
	refused_re="kind=tls-handshake stream=- listener=$2 .* cause=$3"
	[ -z "${4:-}" ] ||
	    refused_re="$refused_re certificate=$(hash "$4") name=CN="
	wait_for "records g1 | grep -q '$refused_re'"
	like "$1" "$(records g1)" "$refused_re"
}
