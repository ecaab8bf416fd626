include(ExternalProject)

set(OPENSSL_VERSION 3.0.17)

ExternalProject_Add(openssl
  URL https://github.com/openssl/openssl/releases/download/openssl-${OPENSSL_VERSION}/openssl-${OPENSSL_VERSION}.tar.gz
  URL_HASH SHA256=dfdd77e4ea1b57ff3a6dbde6b0bdc3f31db5ac99e7fdd4eaf9e1fbb6ec2db8ce
  CONFIGURE_COMMAND ./config no-shared no-tests
)
