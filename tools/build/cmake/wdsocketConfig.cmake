# find_package(wdsocket) makes these targets:
#
#   wdsocket::wdsocket   the shared library; on Windows the DLL goes beside the program
#   wdsocket::static     the static library, on Linux
#
# It works where it lies in an archive, with CMAKE_PREFIX_PATH set to the archive's
# folder, and below any prefix that the folder for Linux, or an archive for one system, is copied into.

get_filename_component(_wdsocket_lib "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
get_filename_component(_wdsocket_lib "${_wdsocket_lib}/../.." ABSOLUTE)
get_filename_component(_wdsocket_root "${_wdsocket_lib}/.." ABSOLUTE)

# What the program is compiled for. Only MSVC names it where its generators choose.
set(_wdsocket_processor "${CMAKE_SYSTEM_PROCESSOR}")
if(MSVC AND CMAKE_C_COMPILER_ARCHITECTURE_ID)
    set(_wdsocket_processor "${CMAKE_C_COMPILER_ARCHITECTURE_ID}")
elseif(MSVC AND CMAKE_CXX_COMPILER_ARCHITECTURE_ID)
    set(_wdsocket_processor "${CMAKE_CXX_COMPILER_ARCHITECTURE_ID}")
endif()
if(_wdsocket_processor MATCHES "^([Aa][Rr][Mm]64|aarch64)")
    set(_wdsocket_arch arm64)
elseif(NOT _wdsocket_processor MATCHES "^([Xx]86|[Xx]64|[Aa][Mm][Dd]64|i[3-6]86)")
    set(_wdsocket_arch "${_wdsocket_processor}")
elseif(CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(_wdsocket_arch 386)
else()
    set(_wdsocket_arch amd64)
endif()

if(WIN32)
    set(_wdsocket_system windows)
    set(_wdsocket_name wdsocket64)
    if(_wdsocket_arch STREQUAL "386")
        set(_wdsocket_name wdsocket32)
    endif()
    set(_wdsocket_lib "${_wdsocket_root}/windows-${_wdsocket_arch}")
    set(_wdsocket_shared "${_wdsocket_lib}/${_wdsocket_name}.dll")
    # The archive for one system has the DLL in bin and the import library in lib.
    if(NOT EXISTS "${_wdsocket_shared}")
        set(_wdsocket_lib "${_wdsocket_root}/lib")
        set(_wdsocket_shared "${_wdsocket_root}/bin/${_wdsocket_name}.dll")
    endif()
else()
    string(TOLOWER "${CMAKE_SYSTEM_NAME}" _wdsocket_system)
    if(NOT EXISTS "${_wdsocket_lib}/libwdsocket.so.1")
        set(_wdsocket_lib "${_wdsocket_root}/${_wdsocket_system}-${_wdsocket_arch}/lib")
    endif()
    set(_wdsocket_shared "${_wdsocket_lib}/libwdsocket.so.1")
endif()
# In a prefix it is beside lib, also where that is lib/x86_64-linux-gnu; a folder of the
# archive for Windows has its own.
set(_wdsocket_include "")
foreach(_wdsocket_folder "${_wdsocket_lib}/include" "${_wdsocket_lib}/../include" "${_wdsocket_lib}/../../include")
    if(NOT _wdsocket_include AND EXISTS "${_wdsocket_folder}/wdsocket.h")
        get_filename_component(_wdsocket_include "${_wdsocket_folder}" ABSOLUTE)
    endif()
endforeach()

if(_wdsocket_include AND EXISTS "${_wdsocket_shared}" AND NOT TARGET wdsocket::wdsocket)
    add_library(wdsocket::wdsocket SHARED IMPORTED)
    set_target_properties(wdsocket::wdsocket PROPERTIES
        IMPORTED_LOCATION "${_wdsocket_shared}"
        INTERFACE_INCLUDE_DIRECTORIES "${_wdsocket_include}")
    if(WIN32)
        set_target_properties(wdsocket::wdsocket PROPERTIES IMPORTED_IMPLIB "${_wdsocket_lib}/${_wdsocket_name}.lib")
    else()
        set_target_properties(wdsocket::wdsocket PROPERTIES IMPORTED_SONAME libwdsocket.so.1)
    endif()
endif()
if(_wdsocket_include AND NOT WIN32 AND EXISTS "${_wdsocket_lib}/libwdsocket.a" AND NOT TARGET wdsocket::static)
    add_library(wdsocket::static STATIC IMPORTED)
    set_target_properties(wdsocket::static PROPERTIES
        IMPORTED_LOCATION "${_wdsocket_lib}/libwdsocket.a"
        IMPORTED_LINK_INTERFACE_LANGUAGES C
        INTERFACE_INCLUDE_DIRECTORIES "${_wdsocket_include}"
        INTERFACE_LINK_LIBRARIES pthread)
endif()

# Components, if any are asked for: shared and static.
set(wdsocket_shared_FOUND FALSE)
set(wdsocket_static_FOUND FALSE)
if(TARGET wdsocket::wdsocket)
    set(wdsocket_shared_FOUND TRUE)
endif()
if(TARGET wdsocket::static)
    set(wdsocket_static_FOUND TRUE)
endif()
if(NOT wdsocket_shared_FOUND AND NOT wdsocket_static_FOUND)
    set(wdsocket_FOUND FALSE)
    set(wdsocket_NOT_FOUND_MESSAGE "there is no library for ${_wdsocket_system}-${_wdsocket_arch} in ${_wdsocket_lib}")
endif()
foreach(_wdsocket_part ${wdsocket_FIND_COMPONENTS})
    if(wdsocket_FIND_REQUIRED_${_wdsocket_part} AND NOT wdsocket_${_wdsocket_part}_FOUND)
        set(wdsocket_FOUND FALSE)
        set(wdsocket_NOT_FOUND_MESSAGE "there is no ${_wdsocket_part} library in ${_wdsocket_lib}")
    endif()
endforeach()

unset(_wdsocket_arch)
unset(_wdsocket_folder)
unset(_wdsocket_include)
unset(_wdsocket_lib)
unset(_wdsocket_name)
unset(_wdsocket_part)
unset(_wdsocket_processor)
unset(_wdsocket_root)
unset(_wdsocket_shared)
unset(_wdsocket_system)
