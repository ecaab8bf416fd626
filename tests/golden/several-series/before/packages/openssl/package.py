class Openssl(Package):
    homepage = "https://www.openssl.org"

    version("3.5.3", sha256="7957041413ff0786c48e46ca354fd5f2514c66305c41eb603530b473fee76509")
    version("3.5.2", sha256="6c653941e6eecbcf3ba65015de0600beeaeb98589d8b8dc1189f97db775cc6d0")
    version("3.0.17", sha256="25eb4f68a25689c561d4aade9608c6871f9f58f55cd2415e6c3a3a87ab6da0ce")
    version("1.1.1w", sha256="a81583310f9504a879254252ed75160a514e00e851e76fb16ab1f59479278e25")
    version("1.1.1v", sha256="9cf1b2ae67717ae2d62619318c291342182df19a7f663a71ccf14ee00cf0582a")

    depends_on("zlib@1.2.11:")
