/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure PROGRAM [ARGUMENT ...]: runs it with its output thrown away, and prints its wall time in
 * microseconds, its peak memory in KiB and its exit status. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	long long start = now_us();
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: measure PROGRAM [ARGUMENT ...]\n");
		return 2;
	}
	pid = fork();
	if (pid < 0) {
		perror("measure: fork");
		return 1;
	}
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
			dup2(null, 2) < 0)
			_exit(126);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &used) != pid) {
		perror("measure: wait4");
		return 1;
	}
	printf("%lld %ld %d\n", now_us() - start, used.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
