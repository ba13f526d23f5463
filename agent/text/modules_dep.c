/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See modules_dep.h. The look-ups over whole indexes sort the lines by module name once:
 * a real modules.dep has thousands of lines, a hostile one as many as fit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/modules_dep.h"

enum { CLOSURE_CAP = 1024 };

static const char *const suffixes[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};

struct str module_name(struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	if (slash)
		path = str_range(slash + 1, path.p + path.n);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (str_ends(path, suffixes[i]))
			return str_upto(path, path.n - strlen(suffixes[i]));
	}
	return (struct str){0};
}

/* Like str_cmp(), '-' and '_' being the same. */
static int name_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char ca = a.p[i] == '-' ? '_' : (unsigned char)a.p[i];
		unsigned char cb = b.p[i] == '-' ? '_' : (unsigned char)b.p[i];

		if (ca != cb)
			return ca < cb ? -1 : 1;
	}
	return (a.n > b.n) - (a.n < b.n);
}

bool module_name_is(struct str path, const char *name)
{
	struct str is = module_name(path);

	return is.n && name_cmp(is, str_from(name)) == 0;
}

/* "path: deps". */
static bool dep_line(struct str line, struct str *ret_path, struct str *ret_deps)
{
	if (!str_cut(str_trim(line), ':', ret_path, ret_deps))
		return false;
	*ret_deps = str_trim(*ret_deps);
	/* A path with a NUL would come out of a list as another one. */
	return module_name(*ret_path).n != 0 && !str_has_nul(*ret_path);
}

bool modules_dep_find(
	struct str dep, const char *name, struct str *ret_path, struct str *ret_deps)
{
	STR_FOREACH_LINE (line, dep) {
		struct str path, deps;

		if (!dep_line(line, &path, &deps) || !module_name_is(path, name))
			continue;
		*ret_path = path;
		*ret_deps = deps;
		return true;
	}
	return false;
}

bool modules_builtin_has(struct str builtin, const char *name)
{
	STR_FOREACH_LINE (line, builtin) {
		if (module_name_is(str_trim(line), name))
			return true;
	}
	return false;
}

/* A line of modules.dep. */
struct mod {
	struct str name, path, deps;
	size_t line;
	enum { NEW, OPEN, DONE } state; /* while a closure is walked */
};

struct mods {
	struct mod *v;
	size_t n;
};

static void mods_done(struct mods *mods)
{
	free(mods->v);
}

static int mod_cmp(const void *pa, const void *pb)
{
	const struct mod *a = pa, *b = pb;
	int r = name_cmp(a->name, b->name);

	return r ? r : (a->line > b->line) - (a->line < b->line);
}

static int mods_read(struct mods *mods, struct str dep)
{
	size_t n = 0;

	STR_FOREACH_LINE (line, dep) {
		(void)line;
		n++;
	}
	mods->v = calloc(n ? n : 1, sizeof(*mods->v));
	if (!mods->v)
		return -ENOMEM;
	STR_FOREACH_LINE (line, dep) {
		struct mod *mod = &mods->v[mods->n];

		if (!dep_line(line, &mod->path, &mod->deps))
			continue;
		mod->name = module_name(mod->path);
		mod->line = mods->n++;
	}
	qsort(mods->v, mods->n, sizeof(*mods->v), mod_cmp);
	return 0;
}

/* The first line about the module, as modules_dep_find() finds it. */
static struct mod *mods_find(const struct mods *mods, struct str name)
{
	size_t from = 0, to = mods->n;

	if (!name.n)
		return NULL;
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (name_cmp(mods->v[mid].name, name) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (from == mods->n || name_cmp(mods->v[from].name, name) != 0)
		return NULL;
	return &mods->v[from];
}

/* A module on the way from the wanted one down its dependencies. `todo` are those of its
 * dependencies that were not looked at yet: taken from the end, because depmod lists
 * first what is to be loaded last. */
struct step {
	struct mod *mod;
	struct str todo;
};

static bool last_word(struct str *s, struct str *ret_word)
{
	size_t n;

	*s = str_trim_end(*s);
	for (n = s->n; n > 0 && s->p[n - 1] != ' ' && s->p[n - 1] != '\t'; n--)
		;
	*ret_word = str_from_pos(*s, n);
	*s = str_upto(*s, n);
	return ret_word->n != 0;
}

static int closure_walk(
	const struct mods *mods, struct mod *wanted, struct mod **order, size_t *ret_n)
{
	struct step path[CLOSURE_CAP] = {{wanted, wanted->deps}};
	size_t depth = 1, n = 0;

	wanted->state = OPEN;
	while (depth) {
		struct step *step = &path[depth - 1];
		struct mod *mod;
		struct str word;

		if (!last_word(&step->todo, &word)) {
			step->mod->state = DONE;
			order[n++] = step->mod;
			depth--;
			continue;
		}
		mod = mods_find(mods, module_name(word));
		if (!mod)
			return -ENOENT;
		if (mod->state == OPEN)
			return -ELOOP;
		if (mod->state == DONE)
			continue;
		if (n + depth == CLOSURE_CAP)
			return -E2BIG;
		mod->state = OPEN;
		path[depth++] = (struct step){mod, mod->deps};
	}
	*ret_n = n;
	return 1;
}

int modules_dep_closure(struct str dep, const char *name, struct strv *ret)
{
	cleanup_(mods_done) struct mods mods = {0};
	struct mod *order[CLOSURE_CAP], *wanted;
	size_t n = 0;
	int r = mods_read(&mods, dep);

	if (r < 0)
		return r;
	wanted = mods_find(&mods, str_from(name));
	if (!wanted)
		return 0;
	r = closure_walk(&mods, wanted, order, &n);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = strv_add_new(ret, order[i]->path);
	return r < 0 ? r : 1;
}

int modules_dep_paths(struct str dep, const struct strv *files, struct strv *ret)
{
	cleanup_(mods_done) struct mods mods = {0};

	if (mods_read(&mods, dep) < 0)
		return -ENOMEM;
	STRV_FOREACH (path, ret) {
		struct mod *mod = mods_find(&mods, module_name(str_from(*path)));

		if (mod)
			mod->state = DONE;
	}
	STRV_FOREACH (file, files) {
		struct mod *mod = mods_find(&mods, module_name(str_from(*file)));

		if (!mod || mod->state == DONE)
			continue;
		mod->state = DONE;
		if (strv_add(ret, mod->path) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int str_qcmp(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int name_qcmp(const void *a, const void *b)
{
	return name_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A sorted list of borrowed strings. */
struct strs {
	struct str *v;
	size_t n;
};

static void strs_done(struct strs *l)
{
	free(l->v);
}

/* The names of the modules in `paths`, sorted. */
static int names_read(struct strs *names, const struct strv *paths)
{
	names->v = calloc(paths->n ? paths->n : 1, sizeof(*names->v));
	if (!names->v)
		return -ENOMEM;
	STRV_FOREACH (path, paths) {
		struct str name = module_name(str_from(*path));

		if (name.n)
			names->v[names->n++] = name;
	}
	qsort(names->v, names->n, sizeof(*names->v), name_qcmp);
	return 0;
}

static bool names_has(const struct strs *names, struct str name)
{
	return names->n && name.n &&
	       bsearch(&name, names->v, names->n, sizeof(name), name_qcmp) != NULL;
}

int modules_missing(const struct strv *paths, const struct strv *files, struct strv *ret)
{
	cleanup_(strs_done) struct strs names = {0};

	if (names_read(&names, files) < 0)
		return -ENOMEM;
	STRV_FOREACH (path, paths) {
		struct str it = str_from(*path);

		if (!names_has(&names, module_name(it)) && strv_add_new(ret, it) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* `have`, with the final newline that lines to come need. */
static void add_have(struct strbuf *out, struct str have)
{
	strbuf_add(out, have);
	if (have.n && have.p[have.n - 1] != '\n')
		strbuf_addc(out, '\n');
}

static int merged(struct strbuf *out, bool changed, struct strbuf *ret_out)
{
	int r = strbuf_err(out);

	if (r < 0 || !changed) {
		strbuf_done(out);
		return r;
	}
	strbuf_done(ret_out);
	*ret_out = *out;
	return 1;
}

/* The line, with dependencies under the paths that `have` knows them by: an image may
 * hold modules unpacked that the root file system has compressed. */
static void add_dep_line(
	struct strbuf *out, const struct mod *mod, const struct mods *have)
{
	struct str rest = mod->deps, word;

	strbuf_add(out, mod->path);
	strbuf_addc(out, ':');
	while (str_word(&rest, &word)) {
		const struct mod *known = mods_find(have, module_name(word));

		strbuf_addc(out, ' ');
		strbuf_add(out, known ? known->path : word);
	}
	strbuf_addc(out, '\n');
}

int modules_dep_merge(
	struct str have, struct str all, const struct strv *paths, struct strbuf *ret_out)
{
	cleanup_(mods_done) struct mods known = {0};
	cleanup_(strs_done) struct strs names = {0};
	struct strbuf out = {0};
	bool changed = false;

	if (mods_read(&known, have) < 0 || names_read(&names, paths) < 0)
		return -ENOMEM;
	add_have(&out, have);
	STR_FOREACH_LINE (line, all) {
		struct mod mod;

		if (!dep_line(line, &mod.path, &mod.deps))
			continue;
		mod.name = module_name(mod.path);
		if (!names_has(&names, mod.name) || mods_find(&known, mod.name))
			continue;
		add_dep_line(&out, &mod, &known);
		changed = true;
	}
	return merged(&out, changed, ret_out);
}

/* The module that a line of modules.alias, modules.symbols or modules.softdep is about:
 * the last word after "alias", the first after "softdep". */
static struct str line_module(struct str line)
{
	struct str rest = str_trim(line), keyword, module = {0};

	if (!str_word(&rest, &keyword))
		return module;
	if (str_is(keyword, "softdep"))
		(void)str_word(&rest, &module);
	else if (str_is(keyword, "alias"))
		(void)last_word(&rest, &module);
	return module;
}

bool modules_alias_has(struct str alias, const char *name)
{
	STR_FOREACH_LINE (line, alias) {
		if (name_cmp(line_module(line), str_from(name)) == 0)
			return true;
	}
	return false;
}

static int lines_read(struct strs *lines, struct str text)
{
	size_t n = 0;

	STR_FOREACH_LINE (line, text) {
		(void)line;
		n++;
	}
	lines->v = calloc(n ? n : 1, sizeof(*lines->v));
	if (!lines->v)
		return -ENOMEM;
	STR_FOREACH_LINE (line, text) {
		lines->v[lines->n++] = str_trim(line);
	}
	qsort(lines->v, lines->n, sizeof(*lines->v), str_qcmp);
	return 0;
}

int modules_alias_merge(
	struct str have, struct str all, const struct strv *paths, struct strbuf *ret_out)
{
	cleanup_(strs_done) struct strs known = {0}, names = {0};
	struct strbuf out = {0};
	bool changed = false;

	if (lines_read(&known, have) < 0 || names_read(&names, paths) < 0)
		return -ENOMEM;
	add_have(&out, have);
	STR_FOREACH_LINE (line, all) {
		struct str text = str_trim(line);

		if (!names_has(&names, line_module(text)) ||
			bsearch(&text, known.v, known.n, sizeof(text), str_qcmp))
			continue;
		strbuf_add(&out, text);
		strbuf_addc(&out, '\n');
		changed = true;
	}
	return merged(&out, changed, ret_out);
}
