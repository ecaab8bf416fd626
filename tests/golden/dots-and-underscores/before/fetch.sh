VERSION_UNDERSCORED=1_1_1v
curl -LO https://github.com/openssl/openssl/releases/download/OpenSSL_1_1_1v/openssl-1.1.1v.tar.gz
