using BinaryBuilder
name = "OpenSSL"
version = v"3.5.4"
sources = [
    ArchiveSource("https://github.com/openssl/openssl/releases/download/openssl-3.5.4/openssl-3.5.4.tar.gz",
                  "543d59ab00581d3ce0c97e7199d78adba5336a877e908aebbc5b154b1e65734f"),
]
