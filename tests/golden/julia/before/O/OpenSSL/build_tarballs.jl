using BinaryBuilder
name = "OpenSSL"
version = v"3.5.3"
sources = [
    ArchiveSource("https://github.com/openssl/openssl/releases/download/openssl-3.5.3/openssl-3.5.3.tar.gz",
                  "7957041413ff0786c48e46ca354fd5f2514c66305c41eb603530b473fee76509"),
]
