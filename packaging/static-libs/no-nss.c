/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sealed into libsystemd.a: user, group and host names are never looked up. glibc would load the
 * NSS modules of whatever system is mounted, built for another glibc, into the static agent.
 * libsystemd asks for names only to print them and for buses over TCP; numbers go on working.
 */
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stddef.h>

struct passwd *getpwnam(const char *name)
{
	(void)name;
	errno = ENOENT;
	return NULL;
}

struct passwd *getpwuid(uid_t uid)
{
	(void)uid;
	errno = ENOENT;
	return NULL;
}

struct group *getgrnam(const char *name)
{
	(void)name;
	errno = ENOENT;
	return NULL;
}

struct group *getgrgid(gid_t gid)
{
	(void)gid;
	errno = ENOENT;
	return NULL;
}

int getpwuid_r(
	uid_t uid, struct passwd *pwd, char *buf, size_t size, struct passwd **ret_found)
{
	(void)uid, (void)pwd, (void)buf, (void)size;
	*ret_found = NULL;
	return 0;
}

int getgrgid_r(
	gid_t gid, struct group *grp, char *buf, size_t size, struct group **ret_found)
{
	(void)gid, (void)grp, (void)buf, (void)size;
	*ret_found = NULL;
	return 0;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **ret_list)
{
	(void)node, (void)service, (void)hints, (void)ret_list;
	return EAI_FAMILY;
}

void freeaddrinfo(struct addrinfo *list)
{
	(void)list;
}

int getnameinfo(const struct sockaddr *addr, socklen_t addr_len, char *host,
	socklen_t host_len, char *service, socklen_t service_len, int flags)
{
	(void)addr, (void)addr_len, (void)host, (void)host_len;
	(void)service, (void)service_len, (void)flags;
	return EAI_FAMILY;
}
