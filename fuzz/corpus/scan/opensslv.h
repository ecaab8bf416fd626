# define OPENSSL_VERSION_TEXT    "OpenSSL 1.1.1w  11 Sep 2023"
