# A port for vcpkg that lies in an archive for one system, as an overlay:
#
#     vcpkg install wdsocket --overlay-ports=ARCHIVE/share/wdsocket/vcpkg
#
# It copies what the archive has. vcpkg keeps what it has built by what this file says; therefore the
# checksum of the archive's files is here: @CHECKSUM@
get_filename_component(ARCHIVE "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(VCPKG_TARGET_IS_WINDOWS)
    if(VCPKG_TARGET_ARCHITECTURE STREQUAL "x86")
        set(LIBRARY wdsocket32)
    else()
        set(LIBRARY wdsocket64)
    endif()
    set(FILES "bin/${LIBRARY}.dll" "lib/${LIBRARY}.lib")
else()
    set(FILES lib/libwdsocket.so lib/libwdsocket.so.1 lib/pkgconfig/wdsocket.pc)
endif()
foreach(FILE IN LISTS FILES)
    if(NOT EXISTS "${ARCHIVE}/${FILE}")
        message(FATAL_ERROR "${ARCHIVE} is the archive of another system than ${TARGET_TRIPLET}: it has no ${FILE}")
    endif()
    get_filename_component(FOLDER "${FILE}" DIRECTORY)
    file(COPY "${ARCHIVE}/${FILE}" DESTINATION "${CURRENT_PACKAGES_DIR}/${FOLDER}")
    if(NOT VCPKG_BUILD_TYPE)
        file(COPY "${ARCHIVE}/${FILE}" DESTINATION "${CURRENT_PACKAGES_DIR}/debug/${FOLDER}")
    endif()
endforeach()
# pkg-config finds the one header from the folder for debugging, too.
if(NOT VCPKG_TARGET_IS_WINDOWS AND NOT VCPKG_BUILD_TYPE)
    set(FILE "${CURRENT_PACKAGES_DIR}/debug/lib/pkgconfig/wdsocket.pc")
    file(READ "${FILE}" TEXT)
    string(REPLACE "includedir=\${prefix}/include" "includedir=\${prefix}/../include" TEXT "${TEXT}")
    file(WRITE "${FILE}" "${TEXT}")
endif()
# What the header of the library says of its processor (e_machine of ELF).
if(NOT VCPKG_TARGET_IS_WINDOWS)
    file(READ "${ARCHIVE}/lib/libwdsocket.so.1" MACHINE OFFSET 18 LIMIT 2 HEX)
    if(NOT "${VCPKG_TARGET_ARCHITECTURE}-${MACHINE}" MATCHES "^(x64-3e00|arm64-b700)$")
        message(FATAL_ERROR "${ARCHIVE} is the archive of another processor than ${VCPKG_TARGET_ARCHITECTURE}")
    endif()
endif()

file(COPY "${ARCHIVE}/include/" DESTINATION "${CURRENT_PACKAGES_DIR}/include")
# The package for CMake finds the library from where it lies, two folders above it.
file(COPY "${ARCHIVE}/lib/cmake/wdsocket/" DESTINATION "${CURRENT_PACKAGES_DIR}/lib/cmake/wdsocket")
set(VCPKG_POLICY_SKIP_MISPLACED_CMAKE_FILES_CHECK enabled)
set(VCPKG_POLICY_SKIP_LIB_CMAKE_MERGE_CHECK enabled)
# The C library of the DLLs is the one that every Windows has.
set(VCPKG_POLICY_ALLOW_OBSOLETE_MSVCRT enabled)
# The library needs nothing beside it: its bytes stay those of the archive.
set(VCPKG_FIXUP_ELF_RPATH OFF)
vcpkg_install_copyright(FILE_LIST "${ARCHIVE}/share/doc/wdsocket/LICENSE" "${ARCHIVE}/share/doc/wdsocket/THIRD-PARTY.txt")
