# shellcheck shell=bash
# Somebody else's PKI, made here because a coreos host has no openssl.

sign() { # sign DIR NAME USAGE SAN: NAME-key.pem and NAME.pem by DIR's CA
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$1/$2-key.pem" -out "$1/$2.csr" 2>/dev/null
  openssl x509 -req -days 30 -in "$1/$2.csr" -CA "$1/ca.pem" -CAkey "$1/ca-key.pem" -out "$1/$2.pem" \
    -extfile <(printf 'extendedKeyUsage=%s\n%s\n' "$3" "${4:+subjectAltName=$4}") 2>/dev/null
  rm "$1/$2.csr"
}

make_certs() { # make_certs DIR IP IP6: a CA, a server and a client
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=somebody-else \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$1/ca-key.pem" -out "$1/ca.pem" 2>/dev/null
  sign "$1" server serverAuth "IP:127.0.0.1,IP:$2,IP:$3"
  sign "$1" client clientAuth ""
}
