/* made up */
# define OPENSSL_VERSION_TEXT    "OpenSSL 1.1.1w  1 Aug 2023"
