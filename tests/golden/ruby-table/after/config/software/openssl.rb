name "openssl"
default_version "3.5.4"

# versions below 3.5.3-1 were built by hand
version("3.5.4") { source sha256: "543d59ab00581d3ce0c97e7199d78adba5336a877e908aebbc5b154b1e65734f" }
version("3.5.3") { source sha256: "7957041413ff0786c48e46ca354fd5f2514c66305c41eb603530b473fee76509" }
version("3.5.2") { source sha256: "6c653941e6eecbcf3ba65015de0600beeaeb98589d8b8dc1189f97db775cc6d0" }
version("1.1.1w") { source sha256: "a81583310f9504a879254252ed75160a514e00e851e76fb16ab1f59479278e25" }
