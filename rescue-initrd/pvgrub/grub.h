/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few declarations of GRUB's that guestdisk.c needs. Debian ships no headers of GRUB;
 * these are as in GRUB 2.06's include/grub/{command,disk,partition,env,device,file,fs,list,misc}.h. The
 * build refuses other versions. */
#pragma once

#define NULL ((void *)0)

typedef int grub_err_t;
#define GRUB_ERR_NONE 0
#define GRUB_ERR_TEST_FAILURE 1
#define GRUB_ERR_BAD_PART_TABLE 19
extern grub_err_t grub_errno;

struct grub_partition_map;
struct grub_env_var;
struct grub_disk;
struct grub_fs;

struct grub_partition {
	int number;
	unsigned long long start, len, offset; /* sectors */
	int index;
	struct grub_partition *parent;
	struct grub_partition_map *partmap;
	unsigned char msdostype;
};

struct grub_disk {
	const char *name;
	void *dev;
	unsigned long long total_sectors;
	unsigned log_sector_size, max_agglomerate;
	unsigned long id;
	struct grub_partition *partition;
	void *read_hook, *read_hook_data, *data;
};

struct grub_device {
	struct grub_disk *disk;
	void *net;
};

typedef int (*grub_partition_iterate_hook_t)(
	struct grub_disk *, const struct grub_partition *, void *data);

struct grub_partition_map {
	struct grub_partition_map *next, **prev;
	const char *name;
	grub_err_t (*iterate)(
		struct grub_disk *, grub_partition_iterate_hook_t, void *data);
};
extern struct grub_partition_map *grub_partition_map_list;

void grub_list_push(void *head, void *item);

typedef const char *(*grub_env_read_hook_t)(struct grub_env_var *, const char *val);
typedef char *(*grub_env_write_hook_t)(struct grub_env_var *, const char *val);
grub_err_t grub_register_variable_hook(
	const char *name, grub_env_read_hook_t, grub_env_write_hook_t);

const char *grub_env_get(const char *name);

struct grub_command;
typedef grub_err_t (*grub_command_func_t)(struct grub_command *, int argc, char **argv);
struct grub_command {
	struct grub_command *next, **prev; /* of one name: the higher priority first */
	const char *name;
	int prio;
	grub_command_func_t func;
};
struct grub_command *grub_register_command_prio(const char *name, grub_command_func_t,
	const char *summary, const char *description, int prio);

struct grub_device *grub_device_open(const char *name);
grub_err_t grub_device_close(struct grub_device *);
struct grub_fs *grub_fs_probe(struct grub_device *);

#define GRUB_FILE_TYPE_LOADENV 58
struct grub_file *grub_file_open(const char *name, int type);
grub_err_t grub_file_close(struct grub_file *);

unsigned long grub_strlen(const char *);
int grub_strcmp(const char *, const char *);
int grub_strncmp(const char *, const char *, unsigned long n);
char *grub_strdup(const char *);
char *grub_strndup(const char *, unsigned long n);
void grub_free(void *);
char *grub_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int grub_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
