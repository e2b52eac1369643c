//! Names: every named object of a device with its definitions and its uses.

use std::cell::LazyCell;
use std::collections::HashMap;

use edgelint_model::{AccessEntry, Definition, Device, ObjectKind, PrefixEntry, Use};
use edgelint_source::Span;

use crate::compact::fit;

/// A named object: defined, used, or both. Where it is used, [`Names`] tells; where it is defined,
/// [`DeviceFacts::definitions`](crate::DeviceFacts::definitions).
#[derive(Clone, Debug)]
pub struct Object<'t> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name, as its definition writes it, else as its first use does.
    pub name: &'t str,
    definitions: Definitions,
    uses: (u32, u32),
}

/// The statements that define an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Definitions {
    /// Those from one place to another in what [`Names`] keeps.
    Kept(u32, u32),
    /// The entries of the prefix list at that place of the device.
    PrefixList(u32),
    /// The entries of the access list at that place of the device.
    AccessList(u32),
}

impl Object<'_> {
    /// Whether a statement defines it.
    pub const fn is_defined(&self) -> bool {
        match self.definitions {
            Definitions::Kept(from, to) => from < to,
            Definitions::PrefixList(_) | Definitions::AccessList(_) => true,
        }
    }

    /// Whether something uses it.
    pub const fn is_used(&self) -> bool {
        self.uses.0 < self.uses.1
    }
}

/// All names of a device.
#[derive(Clone, Debug, Default)]
pub struct Names<'t> {
    /// Objects, sorted by kind and name.
    pub objects: Vec<Object<'t>>,
    /// Definitions of the first object, then of the second, and so on; none of lists whose entries define them.
    definitions: Vec<Span>,
    /// Uses, likewise.
    uses: Vec<Use<'t>>,
}

impl<'t> Names<'t> {
    /// Uses of objects that are not defined, in the order of the file.
    pub fn undefined(&self) -> impl Iterator<Item = &Use<'t>> {
        let mut uses: Vec<&Use<'t>> = self
            .objects
            .iter()
            .filter(|object| !object.is_defined())
            .flat_map(|object| self.uses(object))
            .collect();
        uses.sort_by_key(|one| (one.at, one.kind));
        uses.into_iter()
    }

    /// Objects that are defined and that nothing uses, in order of kind and name.
    pub fn unused(&self) -> impl Iterator<Item = &Object<'t>> {
        self.objects.iter().filter(|object| !object.is_used())
    }

    /// The statements of its device that define an object, in the order of the file; none where it is not defined.
    pub(crate) fn definitions<'n>(
        &'n self,
        device: &'n Device<'t>,
        object: &Object<'t>,
    ) -> impl Iterator<Item = Span> + use<'n, 't> {
        let (kept, prefixes, accesses): (&[Span], &[PrefixEntry], &[AccessEntry]) =
            match object.definitions {
                Definitions::Kept(from, to) => (slice(&self.definitions, (from, to)), &[], &[]),
                Definitions::PrefixList(place) => {
                    let list = device.prefix_lists.get(place as usize);
                    (&[], list.map_or(&[], |list| &list.entries), &[])
                }
                Definitions::AccessList(place) => {
                    let list = device.access_lists.get(place as usize);
                    (&[], &[], list.map_or(&[], |list| &list.entries))
                }
            };
        let entries = prefixes.iter().map(|one| one.at).chain(accesses.iter().map(|one| one.at));
        kept.iter().copied().chain(entries)
    }

    /// The uses of an object in the order of the file; none where nothing uses it.
    pub fn uses(&self, object: &Object<'t>) -> &[Use<'t>] {
        slice(&self.uses, object.uses)
    }

    /// The object of that kind and name.
    pub fn object(&self, kind: ObjectKind, name: &str) -> Option<&Object<'t>> {
        let at =
            self.objects.binary_search_by(|object| (object.kind, object.name).cmp(&(kind, name)));
        self.objects.get(at.ok()?)
    }
}

impl<'t> Names<'t> {
    /// Joins the definitions and uses that were recorded while the device was read, and takes them
    /// out of it.
    pub(crate) fn of(device: &mut Device<'t>) -> Self {
        let mut definitions = std::mem::take(&mut device.definitions);
        let define = |kind| move |(name, at)| Definition { kind, name, at };
        let interfaces = device.interfaces.iter().map(|one| (one.name, one.at));
        definitions.extend(interfaces.map(define(ObjectKind::Interface)));
        let vrfs = device.vrfs.iter().map(|one| (one.name, one.at));
        definitions.extend(vrfs.map(define(ObjectKind::Vrf)));
        let mut uses = std::mem::take(&mut device.uses);
        uses.sort_by_key(|one| (one.kind, one.name, one.at));
        let mut names = Self::defined(&definitions, &Listed::of(device));
        names.use_all(&uses);
        names
    }

    /// The objects that are defined. Lists are defined entry by entry, so definitions of one object stand
    /// in long rows, and rows are what is sorted.
    fn defined(definitions: &[Definition<'t>], lists: &Listed<'_, 't>) -> Self {
        let mut rows: Vec<&[Definition<'t>]> =
            definitions.chunk_by(|a, b| (a.kind, a.name) == (b.kind, b.name)).collect();
        let key = |row: &[Definition<'t>]| row.first().map(|one| (one.kind, one.name));
        rows.sort_by_key(|row| key(row));
        let mut names = Self { objects: Vec::with_capacity(rows.len()), ..Self::default() };
        for rows in rows.chunk_by(|a, b| key(a) == key(b)) {
            let Some((kind, name)) = rows.first().and_then(|row| key(row)) else { continue };
            let entries = match rows {
                [row] => lists.defined_by_entries(kind, name, row),
                _ => None,
            };
            if let Some(definitions) = entries {
                names.objects.push(Object { kind, name, definitions, uses: (0, 0) });
                continue;
            }
            let from = names.definitions.len();
            let spans = rows.iter().copied().flatten().map(|one| one.at);
            names.definitions.extend(spans);
            if 1 < names.definitions.len() - from {
                put_in_order(&mut names.definitions, from);
            }
            let definitions = Definitions::Kept(count(from), count(names.definitions.len()));
            names.objects.push(Object { kind, name, definitions, uses: (0, 0) });
        }
        fit(&mut names.definitions);
        names
    }

    /// Joins uses, sorted by kind, name and place, to the objects they mean; what is not defined becomes
    /// an object by its use.
    fn use_all(&mut self, uses: &[Use<'t>]) {
        let rows = uses.chunk_by(|a, b| (a.kind, a.name) == (b.kind, b.name));
        let mut meant: Vec<(ObjectKind, &'t str, &[Use<'t>])> = Vec::with_capacity(uses.len());
        let mut fresh = Vec::new();
        let interfaces = LazyCell::new(|| folded_interfaces(&self.objects));
        for row in rows {
            let Some(one) = row.first() else { continue };
            let place = defined_object(&self.objects, &interfaces, one);
            let object = self.objects.get(place.unwrap_or(usize::MAX));
            let name = object.map_or(one.name, |object| object.name);
            if object.is_none() {
                let (kind, definitions) = (one.kind, Definitions::Kept(0, 0));
                fresh.push(Object { kind, name, definitions, uses: (0, 0) });
            }
            meant.push((one.kind, name, row));
        }
        self.objects.append(&mut fresh);
        self.objects.sort_by_key(|object| (object.kind, object.name));
        fit(&mut self.objects);
        // Rows of one object stand together, whatever case they were written in.
        meant.sort_by_key(|&(kind, name, _)| (kind, name));
        let mut meant = meant.into_iter().peekable();
        self.uses.reserve_exact(uses.len());
        for object in &mut self.objects {
            let from = self.uses.len();
            let own =
                |row: &(ObjectKind, &str, &[Use<'t>])| (row.0, row.1) == (object.kind, object.name);
            let mut n_rows = 0;
            while let Some((_, _, row)) = meant.next_if(own) {
                self.uses.extend_from_slice(row);
                n_rows += 1;
            }
            // A row by itself is in order.
            if let Some(added) = self.uses.get_mut(from..).filter(|_| 1 < n_rows) {
                added.sort_by_key(|one| one.at);
            }
            object.uses = (count(from), count(self.uses.len()));
        }
    }
}

/// The lists of a device whose entries may be all that defines them, by name and place.
struct Listed<'d, 't> {
    device: &'d Device<'t>,
    prefix_lists: Vec<(&'t str, u32)>,
    access_lists: Vec<(&'t str, u32)>,
}

impl<'d, 't> Listed<'d, 't> {
    fn of(device: &'d Device<'t>) -> Self {
        let by_name = |names: &mut dyn Iterator<Item = &'t str>| {
            let mut lists: Vec<(&str, u32)> = names.zip(0..).collect();
            lists.sort_unstable();
            lists
        };
        Self {
            device,
            prefix_lists: by_name(&mut device.prefix_lists.iter().map(|list| list.name)),
            access_lists: by_name(&mut device.access_lists.iter().map(|list| list.name)),
        }
    }

    /// The list of that name of which these definitions are the entries, one by one. Such a list is most of what a
    /// device defines, and where its entries stand is in the model already.
    fn defined_by_entries(
        &self,
        kind: ObjectKind,
        name: &str,
        row: &[Definition<'t>],
    ) -> Option<Definitions> {
        let is_row = |spans: &mut dyn Iterator<Item = Span>| {
            row.iter().map(|one| one.at).eq(spans) && row.is_sorted_by(|one, next| one.at < next.at)
        };
        match kind {
            ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
                let list = |place: &u32| self.device.prefix_lists.get(*place as usize);
                let stands = |place: &u32| {
                    list(place).is_some_and(|one| is_row(&mut one.entries.iter().map(|it| it.at)))
                };
                named(&self.prefix_lists, name).find(stands).map(Definitions::PrefixList)
            }
            ObjectKind::Acl | ObjectKind::Ipv6Acl => {
                let list = |place: &u32| self.device.access_lists.get(*place as usize);
                let stands = |place: &u32| {
                    list(place).is_some_and(|one| is_row(&mut one.entries.iter().map(|it| it.at)))
                };
                named(&self.access_lists, name).find(stands).map(Definitions::AccessList)
            }
            _ => None,
        }
    }
}

/// The places of the lists of a name, of lists sorted by name.
fn named(lists: &[(&str, u32)], name: &str) -> impl Iterator<Item = u32> {
    let from = lists.partition_point(|(other, _)| *other < name);
    let rest = lists.get(from..).unwrap_or_default().iter();
    rest.take_while(move |(other, _)| *other == name).map(|&(_, place)| place)
}

/// Sorts the places from `from` on. An interface may be recorded twice, by its heading and as an
/// interface: what lies within an earlier place goes.
fn put_in_order(spans: &mut Vec<Span>, from: usize) {
    let own = spans.get_mut(from..).unwrap_or_default();
    own.sort_unstable();
    if own.windows(2).any(|pair| matches!(pair, [earlier, later] if earlier.contains(*later))) {
        let mut own = spans.split_off(from);
        own.dedup_by(|later, earlier| earlier.contains(*later));
        spans.append(&mut own);
    }
}

fn slice<T>(all: &[T], (from, to): (u32, u32)) -> &[T] {
    all.get(from as usize..to as usize).unwrap_or(&[])
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Places of interfaces by their names in small letters; of several the first.
type Folded = HashMap<String, usize>;

fn folded_interfaces(objects: &[Object<'_>]) -> Folded {
    let mut folded = Folded::new();
    let interfaces = objects.iter().enumerate();
    for (place, object) in interfaces.filter(|(_, one)| one.kind == ObjectKind::Interface) {
        folded.entry(object.name.to_ascii_lowercase()).or_insert(place);
    }
    folded
}

/// Index of the object a use means. Interface names are compared without regard to case, as devices do.
fn defined_object(
    objects: &[Object<'_>],
    interfaces: &LazyCell<Folded, impl FnOnce() -> Folded>,
    one: &Use<'_>,
) -> Option<usize> {
    let key = (one.kind, one.name);
    let at = objects.binary_search_by(|object| (object.kind, object.name).cmp(&key)).ok();
    let folded = || match one.kind {
        ObjectKind::Interface => interfaces.get(&one.name.to_ascii_lowercase()).copied(),
        _ => None,
    };
    at.or_else(folded)
}
