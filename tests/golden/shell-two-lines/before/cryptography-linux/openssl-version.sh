#!/bin/sh
# shipped: 13.5.3, 3.5.30 and 3.5.3-1 are other things
export OPENSSL_VERSION="openssl-3.5.3"
export OPENSSL_SHA256="7957041413ff0786c48e46ca354fd5f2514c66305c41eb603530b473fee76509"