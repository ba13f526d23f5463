/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "check_main.h"
#include "scratch.h"
#include "sys/notify.h"

static void receive(int fd, const char *want)
{
	char got[256] = "";

	ck_assert_int_gt(recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT), 0);
	ck_assert_str_eq(got, want);
}

START_TEST(status)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char none;

	scratch_make();
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/notify", scratch);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	unsetenv("NOTIFY_SOCKET");
	notify_status("nobody listens");
	ck_assert_int_lt(recv(fd, &none, 1, MSG_DONTWAIT), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	notify_status("step 1\nREADY=1");
	receive(fd, "STATUS=step 1");
	notify_ready();
	receive(fd, "READY=1");
	notify_journal(&(struct notify_entry){NOTIFY_STEP, 6,
		"where there is no journal nothing happens", .step = "fstab"});
	close(fd);
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, status);
}

int main(void)
{
	return check_main("notify", add);
}
