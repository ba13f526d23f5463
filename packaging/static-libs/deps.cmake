# SPDX-License-Identifier: GPL-2.0-or-later
# The target `deps`: the libraries the agent stands on. Static: libudev, libkmod and libsystemd
# are built from Debian's source packages when the project is configured, into the build
# folder (or XVD2VD_STATIC_LIBS, to share them between build folders).
add_library(deps INTERFACE)
if(XVD2VD_STATIC)
	set(XVD2VD_STATIC_LIBS ${CMAKE_BINARY_DIR}/static-libs CACHE PATH
		"where the static libraries are built and kept")
	execute_process(COMMAND ${CMAKE_SOURCE_DIR}/packaging/static-libs/build ${XVD2VD_STATIC_LIBS}
		RESULT_VARIABLE failed)
	if(failed)
		message(FATAL_ERROR "the static libraries could not be built, see above "
			"(-DXVD2VD_STATIC=OFF links the shared ones)")
	endif()
	file(STRINGS ${XVD2VD_STATIC_LIBS}/link-flags flags)
	separate_arguments(flags)
	target_include_directories(deps SYSTEM INTERFACE ${XVD2VD_STATIC_LIBS}/include)
	target_link_options(deps INTERFACE -static-pie -Wl,--gc-sections)
	target_link_libraries(deps INTERFACE ${flags})
else()
	find_package(PkgConfig)
	if(NOT PkgConfig_FOUND)
		message(FATAL_ERROR "pkg-config is missing: apt-get install pkg-config")
	endif()
	pkg_check_modules(SHARED IMPORTED_TARGET
		libudev libkmod libsystemd libarchive blkid jansson libzstd liblzma zlib liblz4 nettle)
	if(NOT SHARED_FOUND)
		message(FATAL_ERROR "a library is missing: packaging/deps --install build")
	endif()
	target_link_libraries(deps INTERFACE PkgConfig::SHARED bz2)
endif()
